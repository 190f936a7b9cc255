# shellcheck shell=bash
# What the servers of ./swiper services have in common. Each has a data folder, which is also its working folder, a log and a pid file:
# mysql-0/, mysql-0.log, mysql-0.pid.
# shellcheck disable=SC2154 # what services.sh gives

# Seconds until a server that was started must answer: recovery after a kill is part of it.
start_deadline=60
# Seconds that a server is given to end by itself.
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

# The process of a server, where it lives. A pid may have become another program's: its working folder tells. A zombie has none.
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
    # One that was killed just now may hold its port for another moment.
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

# In a session of its own, so that Ctrl+C at a terminal does not reach it. The child has its working folder from the start: pid_of
# never misses it.
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
            [[ $launched != *" $name "* ]] || give_up "$name ended"
            # It was dying of a kill when this `up` found it.
            start_server "$name"
            launched+="$name "
        fi
        [ $SECONDS -lt $deadline ] || give_up "$name does not answer after $start_deadline s"
        sleep 0.1
    done
}

give_up() { # what
    local name=${1%% *}
    echo "--- the end of $folder/$name.log" >&2
    tail -n 20 -- "$folder/$name.log" >&2 || true
    fail "$1; the end of its log is above"
}

# A suspended server gets nothing but SIGKILL until it is woken.
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
