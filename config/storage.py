"""Static files under names that change with their content, for pages that may be cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also rewrites the relative imports of ES modules to the hashed names."""

    support_js_module_import_aggregation = True
