using System.Collections.Frozen;
using System.Data.Common;
using System.Net.Sockets;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.MySql;

/// <summary>
/// The single list of errors that are retried, that open a shard's breaker, and that are bugs. Names are the server's own.
/// </summary>
internal static class TransientErrors
{
    private static readonly FrozenDictionary<int, ShardFailure> Kinds = new Dictionary<int, ShardFailure>
    {
        // Conflicts with other transactions.
        [1205] = ShardFailure.Contention, // ER_LOCK_WAIT_TIMEOUT
        [1213] = ShardFailure.Contention, // ER_LOCK_DEADLOCK
        [1020] = ShardFailure.Contention, // ER_CHECKREAD: MariaDB, the row changed since the snapshot
        [1412] = ShardFailure.Contention, // ER_TABLE_DEF_CHANGED: a migration in between
        [1615] = ShardFailure.Contention, // ER_NEED_REPREPARE: the same
        [3572] = ShardFailure.Contention, // ER_LOCK_NOWAIT
        [1317] = ShardFailure.Contention, // ER_QUERY_INTERRUPTED: an operator's KILL QUERY
        [3024] = ShardFailure.Contention, // ER_QUERY_TIMEOUT: MySQL's max_execution_time
        [1969] = ShardFailure.Contention, // ER_STATEMENT_TIMEOUT: MariaDB's max_statement_time

        // Not reachable, out of connections, or shutting down.
        [1040] = ShardFailure.Unreachable, // ER_CON_COUNT_ERROR: too many connections
        [1203] = ShardFailure.Unreachable, // ER_TOO_MANY_USER_CONNECTIONS
        [1226] = ShardFailure.Unreachable, // ER_USER_LIMIT_REACHED
        [1042] = ShardFailure.Unreachable, // ER_BAD_HOST_ERROR: what drivers make of a refused connection
        [1043] = ShardFailure.Unreachable, // ER_HANDSHAKE_ERROR: cut off while greeting
        [1053] = ShardFailure.Unreachable, // ER_SERVER_SHUTDOWN
        [1077] = ShardFailure.Unreachable, // ER_NORMAL_SHUTDOWN
        [1079] = ShardFailure.Unreachable, // ER_SHUTDOWN_COMPLETE
        [1152] = ShardFailure.Unreachable, // ER_ABORTING_CONNECTION
        [1158] = ShardFailure.Unreachable, // ER_NET_READ_ERROR
        [1159] = ShardFailure.Unreachable, // ER_NET_READ_INTERRUPTED
        [1160] = ShardFailure.Unreachable, // ER_NET_ERROR_ON_WRITE
        [1161] = ShardFailure.Unreachable, // ER_NET_WRITE_INTERRUPTED
        [1184] = ShardFailure.Unreachable, // ER_NEW_ABORTING_CONNECTION
        [1047] = ShardFailure.Unreachable, // ER_UNKNOWN_COM_ERROR: Galera, the node has left its cluster
        [3032] = ShardFailure.Unreachable, // ER_SERVER_OFFLINE_MODE
        [1243] = ShardFailure.Unreachable, // ER_UNKNOWN_STMT_HANDLER: a proxy put us on another server
        [1290] = ShardFailure.Unreachable, // ER_OPTION_PREVENTS_STATEMENT: read only, a failover is under way
        [1836] = ShardFailure.Unreachable, // ER_READ_ONLY_MODE: the same
        [1792] = ShardFailure.Unreachable, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: the same
        [1927] = ShardFailure.Unreachable, // ER_CONNECTION_KILLED
        [2002] = ShardFailure.Unreachable, // CR_CONNECTION_ERROR
        [2003] = ShardFailure.Unreachable, // CR_CONN_HOST_ERROR
        [2006] = ShardFailure.Unreachable, // CR_SERVER_GONE_ERROR
        [2013] = ShardFailure.Unreachable, // CR_SERVER_LOST
        [4031] = ShardFailure.Unreachable, // ER_CLIENT_INTERACTION_TIMEOUT: idle for too long

        // The protocol is out of sync: only a new connection helps.
        [1156] = ShardFailure.Unreachable, // ER_NET_PACKETS_OUT_OF_ORDER
        [1157] = ShardFailure.Unreachable, // ER_NET_UNCOMPRESS_ERROR
        [1835] = ShardFailure.Unreachable, // ER_MALFORMED_PACKET

        // Access is denied until an operator fixes it; then the breaker's probe, which logs in anew, succeeds.
        [1044] = ShardFailure.Unreachable, // ER_DBACCESS_DENIED_ERROR
        [1045] = ShardFailure.Unreachable, // ER_ACCESS_DENIED_ERROR
        [1049] = ShardFailure.Unreachable, // ER_BAD_DB_ERROR
        [1129] = ShardFailure.Unreachable, // ER_HOST_IS_BLOCKED
        [1130] = ShardFailure.Unreachable, // ER_HOST_NOT_PRIVILEGED
        [1698] = ShardFailure.Unreachable, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
        [1820] = ShardFailure.Unreachable, // ER_MUST_CHANGE_PASSWORD
        [1862] = ShardFailure.Unreachable, // ER_MUST_CHANGE_PASSWORD_LOGIN
        [3118] = ShardFailure.Unreachable, // ER_ACCOUNT_HAS_BEEN_LOCKED: MySQL
        [4151] = ShardFailure.Unreachable, // ER_ACCOUNT_HAS_BEEN_LOCKED: MariaDB

        // It answers but can't or won't write. Reads continue, so the breaker stays closed.
        [3] = ShardFailure.Refused, // EE_WRITE
        [28] = ShardFailure.Refused, // ENOSPC, as MariaDB's engines report it
        [1021] = ShardFailure.Refused, // ER_DISK_FULL
        [1026] = ShardFailure.Refused, // ER_ERROR_ON_WRITE
        [1030] = ShardFailure.Refused, // ER_GET_ERRNO: the engine's, a full disk among them
        [1036] = ShardFailure.Refused, // ER_OPEN_AS_READONLY
        [1037] = ShardFailure.Refused, // ER_OUTOFMEMORY
        [1038] = ShardFailure.Refused, // ER_OUT_OF_SORTMEMORY
        [1041] = ShardFailure.Refused, // ER_OUT_OF_RESOURCES
        [1114] = ShardFailure.Refused, // ER_RECORD_FILE_FULL
        [1142] = ShardFailure.Refused, // ER_TABLEACCESS_DENIED_ERROR
        [1143] = ShardFailure.Refused, // ER_COLUMNACCESS_DENIED_ERROR
        [1227] = ShardFailure.Refused, // ER_SPECIFIC_ACCESS_DENIED_ERROR

        // The statement or its values are wrong: a bug.
        [1048] = ShardFailure.None, // ER_BAD_NULL_ERROR
        [1054] = ShardFailure.None, // ER_BAD_FIELD_ERROR
        [1058] = ShardFailure.None, // ER_WRONG_VALUE_COUNT
        [1062] = ShardFailure.None, // ER_DUP_ENTRY
        [1064] = ShardFailure.None, // ER_PARSE_ERROR
        [1136] = ShardFailure.None, // ER_WRONG_VALUE_COUNT_ON_ROW
        [1146] = ShardFailure.None, // ER_NO_SUCH_TABLE
        [1210] = ShardFailure.None, // ER_WRONG_ARGUMENTS
        [1264] = ShardFailure.None, // ER_WARN_DATA_OUT_OF_RANGE
        [1292] = ShardFailure.None, // ER_TRUNCATED_WRONG_VALUE
        [1305] = ShardFailure.None, // ER_SP_DOES_NOT_EXIST
        [1364] = ShardFailure.None, // ER_NO_DEFAULT_FOR_FIELD
        [1366] = ShardFailure.None, // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
        [1390] = ShardFailure.None, // ER_PS_MANY_PARAM
        [1406] = ShardFailure.None, // ER_DATA_TOO_LONG
    }.ToFrozenDictionary();

    public static ShardFailure KindOf(Exception exception) => exception switch
    {
        // The thrower has retried already.
        StoreUnavailableException or DeadlinePassedException => ShardFailure.Refused,
        WriteConflictException => ShardFailure.Contention,
        DbException => MySqlDriver.ErrorNumber(exception) switch
        {
            // The driver gives no number for a broken connection or a timeout.
            <= 0 => ShardFailure.Unreachable,
            var number => Kinds.TryGetValue(number, out var kind) ? kind : KindOfUnlisted(exception),
        },
        TimeoutException or IOException or SocketException => ShardFailure.Unreachable,
        _ => ShardFailure.None,
    };

    // By SQLSTATE class. Anything unknown opens the breaker: it is logged, and retried on a new connection in case the old one is at
    // fault.
    private static ShardFailure KindOfUnlisted(Exception? exception) => (exception as DbException)?.SqlState switch
    {
        ['2', '1' or '2' or '3', ..] or ['4', '2', ..] or ['0', 'A', ..] => ShardFailure.None,
        ['4', '0', ..] => ShardFailure.Contention,
        null when exception is not null => KindOfUnlisted(exception.InnerException),
        _ => ShardFailure.Unreachable,
    };

    /// <summary>Whether a retry may succeed.</summary>
    public static bool IsTransient(Exception exception) => KindOf(exception) is ShardFailure.Contention or ShardFailure.Unreachable;

    /// <summary>Whether the server took too long to answer.</summary>
    public static bool IsTimeout(Exception exception) => exception is TimeoutException or DeadlinePassedException
        || MySqlDriver.IsTimeout(exception);

    /// <summary>Whether a column that can't be NULL was to become it, by which statements refuse to go on.</summary>
    public static bool IsNullRefused(Exception exception) => MySqlDriver.ErrorNumber(exception) == 1048;

    /// <summary>Whether the server answers but takes no writes.</summary>
    public static bool IsReadOnly(Exception exception) => MySqlDriver.ErrorNumber(exception) is 1290 or 1792 or 1836;
}
