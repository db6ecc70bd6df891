// BackupControlTests
