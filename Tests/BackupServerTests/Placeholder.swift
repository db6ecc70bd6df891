// BackupServerTests
