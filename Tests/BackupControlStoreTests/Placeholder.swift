// BackupControlStoreTests
