# shellcheck shell=bash
# The Redis of ./swiper services: one server, or a Redis Cluster of three masters. Only the slot assignment is kept on disk.
# shellcheck disable=SC2154 # what services.sh gives

redis_settings() {
    local i nodes=''
    for ((i = 0; i < redis_nodes; i++)); do nodes+=",127.0.0.1:$(port_of "redis-$i")"; done
    echo "Cluster:Redis=${nodes#,}"
}

redis_call() { # port command...
    local port=$1
    shift
    timeout 5 redis-cli -h 127.0.0.1 -p "$port" "$@" 2>/dev/null
}

redis_answers() { [ "$(redis_call "$1" ping)" = PONG ]; }

# Within the instance's own port range; the Redis default would be the port + 10000.
bus_port() { echo $(($1 + 10)); }

start_redis() { # name port
    local name=$1 port=$2
    local options=(--port "$port" --bind 127.0.0.1 --protected-mode yes --save '' --appendonly no --maxmemory-policy noeviction)
    if [ "$redis_nodes" != 1 ]; then
        # While a node is down its slots are unavailable; the others keep serving.
        options+=(--cluster-enabled yes --cluster-port "$(bus_port "$port")" --cluster-config-file nodes.conf --cluster-node-timeout 2000
            --cluster-require-full-coverage no)
    fi
    mkdir -p -- "$folder/$name"
    launch "$name" redis-server "${options[@]}"
}

# Every step is skipped when already done: a half-formed cluster is completed, and a complete one is left alone.
join_redis_cluster() {
    local i port first
    first=$(port_of redis-0)
    for ((i = 0; i < redis_nodes; i++)); do
        port=$(port_of "redis-$i")
        redis_call "$port" cluster nodes | grep -q 'myself.* connected [0-9]' ||
            redis_call "$port" cluster addslotsrange $((16384 * i / redis_nodes)) $((16384 * (i + 1) / redis_nodes - 1)) >/dev/null
        redis_call "$port" cluster info | grep -q "^cluster_known_nodes:$redis_nodes" ||
            redis_call "$port" cluster meet 127.0.0.1 "$first" "$(bus_port "$first")" >/dev/null
    done
    local deadline=$((SECONDS + start_deadline))
    for ((i = 0; i < redis_nodes; i++)); do
        until redis_cluster_whole "$(port_of "redis-$i")"; do
            [ $SECONDS -lt $deadline ] || give_up "redis-$i does not see the whole cluster after $start_deadline s"
            sleep 0.1
        done
    done
}

# The node's own view: a node that came back counts only once this one no longer considers it failed.
redis_cluster_whole() { # port
    local view
    view=$(redis_call "$1" cluster info) &&
        [[ $view == *cluster_state:ok* && $view == *cluster_slots_ok:16384* && $view == *"cluster_known_nodes:$redis_nodes"* ]]
}
