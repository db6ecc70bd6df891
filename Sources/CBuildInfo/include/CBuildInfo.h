// What a release build was made from. script/build --release tells; other builds say "unknown", so that they need not be
// built again for each commit.
#ifndef CBUILDINFO_H
#define CBUILDINFO_H

/// The commit's abbreviated hash.
const char *backup_build_commit(void);

/// RFC 3339, UTC.
const char *backup_build_date(void);

#endif
