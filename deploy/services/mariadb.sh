# shellcheck shell=bash
# The MariaDB servers of ./swiper services: one per shard, each with a database and a user named `swiper`.
# shellcheck disable=SC2154 # what services.sh gives

# The password is generated once and kept in mysql.cnf, readable by its owner only. A client can use that file as well:
#   mariadb --defaults-file=.swiper/services/mysql.cnf --port=7411 swiper
ensure_mysql_account() {
    local password
    if [ ! -f "$folder/mysql.cnf" ]; then
        password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
        (umask 077 && printf '%s\n' '[client]' host=127.0.0.1 user=swiper "password=$password" > "$folder/mysql.cnf.new")
        mv -- "$folder/mysql.cnf.new" "$folder/mysql.cnf"
    fi
    password=$(mysql_password)
    # Run by each server at startup, before the first connection, so that it completes what an interrupted `up` left out. The grant covers
    # the databases that tests create, named swiper_...
    (umask 077 && cat > "$folder/mysql-init.sql" <<EOM
CREATE DATABASE IF NOT EXISTS swiper;
CREATE OR REPLACE USER swiper@127.0.0.1 IDENTIFIED BY '$password';
CREATE OR REPLACE USER swiper@localhost IDENTIFIED BY '$password';
GRANT ALL ON \`swiper%\`.* TO swiper@127.0.0.1;
GRANT ALL ON \`swiper%\`.* TO swiper@localhost;
EOM
    )
}

mysql_password() { sed -n 's/^password=//p' "$folder/mysql.cnf"; }

mysql_settings() {
    local i password
    password=$(mysql_password)
    for ((i = 0; i < shards; i++)); do
        echo "Cluster:Shards:$i=Server=127.0.0.1;Port=$(port_of "mysql-$i");User ID=swiper;Password=$password;Database=swiper"
    done
}

mysql_answers() { # port
    timeout 5 mariadb --defaults-file="$folder/mysql.cnf" --protocol=tcp --port="$1" --connect-timeout=2 -e 'DO 1' swiper >/dev/null 2>&1
}

start_mysql() { # name port
    local name=$1 port=$2 as_root=()
    # MariaDB refuses to run as root without --user=root.
    [ "$(id -u)" != 0 ] || as_root=(--user=root)
    [ -d "$folder/$name" ] || install_mysql "$name" "${as_root[@]}"
    local options=(
        --datadir=.
        # Relative to the data folder: a socket path is limited to 107 bytes.
        --socket=mysql.sock
        --pid-file=mysql.pid
        # A private folder: at startup a server deletes leftover files in it, which could belong to another server being installed.
        --tmpdir=.
        --init-file="$folder/mysql-init.sql"
        --port="$port" --skip-networking=0 --bind-address=127.0.0.1 --skip-name-resolve --max-connections=200
        --character-set-server=utf8mb4 --collation-server=utf8mb4_bin
        --transaction-isolation=READ-COMMITTED
        --skip-log-bin --performance-schema=OFF
        --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=256M --innodb-log-file-size=256M
    )
    launch "$name" mariadbd --no-defaults "${as_root[@]}" "${options[@]}"
}

# Installed under a temporary name, so that an interrupted install is never taken for a complete one. Paths are relative because
# mariadb-install-db can't handle spaces.
install_mysql() { # name [--user=root]
    local name=$1
    shift
    rm -rf -- "$folder/$name.new"
    (
        cd -- "$folder" &&
            mariadb-install-db --no-defaults "$@" --datadir="./$name.new" --tmpdir=. --skip-test-db --skip-name-resolve \
                --innodb-log-file-size=256M \
                --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" >>"$name.log" 2>&1 9>&-
    ) || give_up "$name could not be installed"
    mv -- "$folder/$name.new" "$folder/$name"
}
