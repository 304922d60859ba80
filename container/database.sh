#!/bin/sh
# Makes the database and its owner, who is no superuser. PostgreSQL's image runs it once, with an empty volume.
set -eu
name=${MAILROLL_DATABASE_NAME:-mailroll}
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set name="$name" --set password="$MAILROLL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8';
SQL
