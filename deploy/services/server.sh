# shellcheck shell=bash
# What the servers of ./swiper services have in common. Each has a data folder that is also its working directory, a log and a pid file:
# mysql-0/, mysql-0.log, mysql-0.pid.
# shellcheck disable=SC2154 # what services.sh gives

# Seconds within which a started server must answer, including recovery after a kill.
start_deadline=60
# Seconds a server gets to shut down before it is killed.
stop_deadline=10

server_names() {
    local i
    for ((i = 0; i < shards; i++)); do echo "mysql-$i"; done
    for ((i = 0; i < redis_nodes; i++)); do echo "redis-$i"; done
}

port_of() {
    case $1 in
        mysql-*) echo $((base_port + 1 + ${1#*-}));;
        redis-*) echo $((base_port + 11 + ${1#*-}));;
    esac
}

# Prints the pid of a running server. The working directory is checked because the pid may have been reused; a zombie has none.
pid_of() {
    local pid
    pid=$(cat -- "$folder/$1.pid" 2>/dev/null) || return 1
    [ -n "$pid" ] && [ "/proc/$pid/cwd" -ef "$folder/$1" ] && echo "$pid"
}

suspended() { grep -q '^State:[[:space:]]*T' "/proc/$1/status" 2>/dev/null; }

answers() {
    case $1 in
        mysql-*) mysql_answers "$(port_of "$1")";;
        redis-*) redis_answers "$(port_of "$1")";;
    esac
}

start_server() { # name
    local name=$1 port tries
    port=$(port_of "$name")
    # A server that has just been killed may hold its port a little longer.
    for ((tries = 0; ; tries++)); do
        listening "$port" || break
        [ $tries -lt 30 ] || fail "$name can't start: another program listens on port $port; use another --base-port"
        sleep 0.1
    done
    echo "swiper: starting $name on port $port" >&2
    case $name in
        mysql-*) start_mysql "$name" "$port";;
        redis-*) start_redis "$name" "$port";;
    esac
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Started in its own session, so that Ctrl+C at a terminal does not reach it. The working directory is set before exec, so pid_of
# always recognizes it.
launch() { # name command...
    local name=$1
    shift
    (
        cd -- "$folder/$name" || exit
        setsid "$@" </dev/null >>"../$name.log" 2>&1 9>&- &
        echo $! > "../$name.pid"
    )
}

await_answer() { # name
    local name=$1 deadline=$((SECONDS + start_deadline))
    until answers "$name"; do
        if ! pid_of "$name" >/dev/null; then
            [[ $launched != *" $name "* ]] || give_up "$name exited"
            # It was already being killed when this `up` found it running.
            start_server "$name"
            launched+="$name "
        fi
        [ $SECONDS -lt $deadline ] || give_up "$name does not answer after $start_deadline s"
        sleep 0.1
    done
}

give_up() { # message, starting with the server's name
    local name=${1%% *}
    echo "--- the end of $folder/$name.log" >&2
    tail -n 20 -- "$folder/$name.log" >&2 || true
    fail "$1; the end of its log is above"
}

# A suspended process handles no signal but SIGKILL until it is resumed.
signal_server() { # signal name
    local pid
    pid=$(pid_of "$2") || return 0
    kill "-$1" "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true
}

await_end() { # name
    local deadline=$((SECONDS + stop_deadline))
    while pid_of "$1" >/dev/null; do
        [ $SECONDS -lt $deadline ] || signal_server KILL "$1"
        sleep 0.1
    done
    rm -f -- "$folder/$1.pid"
}
