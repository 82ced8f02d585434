"""What a process does now and then is done when its time has come, whatever becomes of the rest."""

from realtime.rooms.clock import Clock


def test_each_job_has_its_own_time_and_all_keep_their_order() -> None:
    clock, done = Clock(), list[tuple[str, float]]()
    clock.add(lambda now: done.append(("often", now)), 0)
    clock.add(lambda now: done.append(("seldom", now)), 2.0)
    for now in (1.0, 2.0, 3.0):
        clock.tick(now)

    assert done == [("often", 1.0), ("seldom", 1.0), ("often", 2.0), ("often", 3.0), ("seldom", 3.0)]


def test_how_often_a_job_is_done_may_change() -> None:
    clock, done = Clock(), list[float]()
    clock.add(done.append, lambda now: 1.0 if now < 2 else 5.0)
    for now in (0.0, 1.0, 2.0, 3.0, 7.0):
        clock.tick(now)

    assert done == [0.0, 1.0, 2.0, 7.0]


def test_a_job_can_be_brought_forward_and_not_put_off() -> None:
    clock, done = Clock(), list[float]()
    job = clock.add(done.append, 10.0)
    clock.tick(0.0)
    job.bring_forward(3.0)
    job.bring_forward(30.0)
    clock.tick(3.0)

    assert done == [0.0, 3.0]


def test_a_job_that_fails_stops_none_of_the_others_and_is_tried_again() -> None:
    clock, done = Clock(), list[str]()

    def fail(now: float) -> None:
        done.append("failed")
        raise ValueError(now)

    clock.add(fail, 1.0)
    clock.add(lambda now: done.append("done"), 1.0)
    clock.tick(0.0)
    clock.tick(1.0)

    assert done == ["failed", "done"] * 2
