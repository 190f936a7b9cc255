using System.Data.Common;
using MySqlConnector;

namespace Swiper.Storage.MySql;

/// <summary>Configures MySqlConnector, and is the only file that names its types. All else uses System.Data.Common.</summary>
internal static class MySqlDriver
{
    /// <summary>
    /// Sent on every new connection. Strict mode rejects values that do not fit instead of truncating them. The lock wait times out on the
    /// server before our deadline does, because a client that gives up leaves its transaction open there. For the same reason MariaDB ends
    /// the transaction of a host that hangs in the middle of it, which would otherwise keep its rows locked; MySQL has no such setting and
    /// waits for wait_timeout.
    /// </summary>
    public const string SessionSettings =
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
        + "SESSION innodb_lock_wait_timeout = 1, SESSION autocommit = 1 /*M!100300 , SESSION idle_write_transaction_timeout = 2 */";

    /// <summary>Concurrent batches of several hosts lock rows, not the gaps between them: far fewer deadlocks.</summary>
    public const string IsolationSetting = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

    /// <summary>The operator's connection string with the settings that Swiper depends on.</summary>
    /// <exception cref="ArgumentException">
    /// It is not a connection string; the message does not repeat it, because of the password.
    /// </exception>
    /// <param name="connectionString">The operator's connection string.</param>
    /// <param name="connectTimeout">The timeout for opening a connection.</param>
    /// <param name="commandTimeout">The timeout of a command that sets none.</param>
    /// <param name="pooled">The maximum size of the pool; 0 for no pool.</param>
    public static string Configure(string connectionString, TimeSpan connectTimeout, TimeSpan commandTimeout, uint pooled = 0)
    {
        try
        {
            return new MySqlConnectionStringBuilder(connectionString)
            {
                // Close a timed-out connection at once: cancelling on a hung server would wait as well.
                CancellationTimeout = -1,
                // A row that ON DUPLICATE KEY UPDATE leaves unchanged counts 0.
                UseAffectedRows = true,
                Pooling = pooled > 0,
                MaximumPoolSize = Math.Max(1, pooled),
                // The session settings never change, and a connection is returned with nothing left open.
                ConnectionReset = false,
                AutoEnlist = false,
                // A connection has at most one transaction, and all its statements belong to it.
                IgnoreCommandTransaction = true,
                IgnorePrepare = false,
                // A missing parameter must be an error, not a NULL.
                AllowUserVariables = false,
                ConnectionTimeout = WholeSeconds(connectTimeout),
                DefaultCommandTimeout = WholeSeconds(commandTimeout),
            }.ConnectionString;
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw new ArgumentException($"invalid MySQL connection string: {exception.Message}", nameof(connectionString), exception);
        }
    }

    public static DbConnection Create(string configured) => new MySqlConnection(configured);

    /// <summary>A pool of connections with our session settings.</summary>
    /// <param name="configured">From <see cref="Configure"/>, with a pool.</param>
    public static MySqlDataSource CreatePool(string configured) => new MySqlDataSourceBuilder(configured)
        .UseConnectionOpenedCallback(static async (context, cancellation) =>
        {
            if (context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New))
                await SetUpAsync(context.Connection, context.Connection.ConnectionTimeout, cancellation).ConfigureAwait(false);
        })
        .Build();

    /// <summary>Applies the session settings to a new connection.</summary>
    public static async ValueTask SetUpAsync(DbConnection connection, int timeoutSeconds, CancellationToken cancellation)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandTimeout = timeoutSeconds;
            command.CommandText = SessionSettings;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            command.CommandText = IsolationSetting;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Server, port and database, for messages: never the password.</summary>
    public static string NameOf(string connectionString)
    {
        var parts = new MySqlConnectionStringBuilder(connectionString);
        return $"{parts.Server}:{parts.Port}/{parts.Database}";
    }

    /// <summary>Whether the driver gave up waiting for an answer.</summary>
    public static bool IsTimeout(Exception exception) => exception is MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired };

    /// <summary>The MySQL error number from anywhere in the exception chain; 0 if there is none, as for a lost connection.</summary>
    public static int ErrorNumber(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is MySqlException { Number: > 0 } found)
                return found.Number;
        }

        return 0;
    }

    private static uint WholeSeconds(TimeSpan time) => (uint)Math.Max(1, Math.Ceiling(time.TotalSeconds));
}
