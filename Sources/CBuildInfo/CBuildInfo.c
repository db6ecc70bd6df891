#include "CBuildInfo.h"

#ifndef BACKUPY_COMMIT
#define BACKUPY_COMMIT "unknown"
#endif
#ifndef BACKUPY_BUILD_DATE
#define BACKUPY_BUILD_DATE "unknown"
#endif

const char *backup_build_commit(void) { return BACKUPY_COMMIT; }

const char *backup_build_date(void) { return BACKUPY_BUILD_DATE; }
