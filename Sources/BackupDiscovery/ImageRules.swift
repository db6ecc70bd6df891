/// Which images hold a database.
enum ImageRules {}
