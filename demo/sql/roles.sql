-- One role a client. The passwords come from the environment of the estate; here they are psql-like variables.
CREATE ROLE gorax LOGIN PASSWORD :'gorax_password';
CREATE ROLE sqlstudio LOGIN PASSWORD :'sqlstudio_password';
CREATE ROLE reporting LOGIN PASSWORD :'reporting_password';
CREATE ROLE exporter LOGIN PASSWORD :'exporter_password' CONNECTION LIMIT 5;
CREATE ROLE diagnostics LOGIN PASSWORD :'diagnostics_password' CONNECTION LIMIT 6;
GRANT pg_monitor TO exporter, diagnostics;
CREATE DATABASE gorax;
CREATE DATABASE sqlstudio;
