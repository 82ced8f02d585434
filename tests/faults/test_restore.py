"""An older backup is put back under a site that goes on serving; then `rotate_epoch` is run."""

from __future__ import annotations

import asyncio

from tests.faults.conftest import NewCluster
from tests.realtime.scene import scene_of
from tests.services.postgres import PostgresServer, copy_database, drop_database


@scene_of(480)
async def test_everybody_ends_with_what_the_restored_backup_holds(
    new_cluster: NewCluster, postgres_server: PostgresServer
) -> None:
    async with new_cluster() as cluster, cluster.crowd(60) as crowd:
        live = cluster.stage.server.database_url
        backup = f"{live}_backup"
        async with crowd.posting():
            await crowd.posts(20)
        await asyncio.to_thread(copy_database, postgres_server, live, target=backup)
        kept = dict(crowd.acked)
        async with crowd.posting():
            await crowd.posts(20)
        await asyncio.to_thread(copy_database, postgres_server, backup, target=live)
        await asyncio.to_thread(drop_database, postgres_server, backup)
        await asyncio.to_thread(cluster.stage.server.manage, "rotate_epoch")
        crowd.acked = dict(kept)  # comments from after the backup are gone, which is no fault of the site's

        async with crowd.posting():
            await crowd.posts(20)
        verdict = await crowd.settle()
        assert verdict.is_clean, verdict
        assert verdict.comments == len(crowd.acked) >= len(kept) + 20
        assert {ack.id for ack in kept.values()} <= crowd.audience.truth().comments.keys()
