#!/bin/sh
# Run once by the image of Postgres on an empty data directory: the files that fill the native estate, through psql.
set -eu
run() { psql -v ON_ERROR_STOP=1 -q --username "$POSTGRES_USER" "$@"; }
run --dbname postgres \
  -v gorax_password="$GORAX_PASSWORD" -v sqlstudio_password="$SQLSTUDIO_PASSWORD" \
  -v reporting_password="$REPORTING_PASSWORD" -v exporter_password="$EXPORTER_PASSWORD" \
  -v diagnostics_password="$DIAGNOSTICS_POSTGRES_PASSWORD" -f /sql/roles.sql
run --dbname gorax -v executions="${EXECUTIONS:-300000}" -f /sql/gorax.sql
run --dbname sqlstudio -f /sql/sqlstudio.sql
run --dbname gorax -c 'VACUUM (ANALYZE)'
run --dbname sqlstudio -c 'VACUUM (ANALYZE)'
