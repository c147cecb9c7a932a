# Makes the application's role when the database is made. It owns nothing, so that
# row-level security binds it; the tables belong to the role that migrates.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE service LOGIN PASSWORD :'password';
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO service;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO service;
SQL
