using System.Data.Common;
using MySqlConnector;

namespace Swiper.Storage.MySql;

/// <summary>How Swiper sets up MySqlConnector: the one file that names its types. All else goes through System.Data.Common.</summary>
internal static class MySqlDriver
{
    /// <summary>
    /// Sent on every new connection. The strict mode refuses what does not fit instead of cutting it short; the lock wait
    /// ends on the server before our deadline does, because a client that gives up leaves its transaction there. For the same reason
    /// MariaDB ends a transaction of a host that hangs in the middle of it, for else nobody could write the rows that it has locked;
    /// MySQL has no such setting and waits for wait_timeout.
    /// </summary>
    public const string SessionSettings =
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
        + "SESSION innodb_lock_wait_timeout = 1, SESSION autocommit = 1 /*M!100300 , SESSION idle_write_transaction_timeout = 2 */";

    /// <summary>Batches of several hosts lock rows, not the gaps between them: far fewer deadlocks.</summary>
    public const string IsolationSetting = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

    /// <summary>The operator's connection string with what Swiper depends on forced.</summary>
    /// <exception cref="ArgumentException">
    /// It is no connection string; the message does not repeat it, because of the password.
    /// </exception>
    /// <param name="connectionString">The operator's.</param>
    /// <param name="connectTimeout">For a connection to open.</param>
    /// <param name="commandTimeout">For a command that sets no time limit of its own.</param>
    /// <param name="pooled">The most connections of a pool; 0 without one.</param>
    public static string Configure(string connectionString, TimeSpan connectTimeout, TimeSpan commandTimeout, uint pooled = 0)
    {
        try
        {
            return new MySqlConnectionStringBuilder(connectionString)
            {
                // What timed out is closed at once: asking a hung server to cancel would wait for it as well.
                CancellationTimeout = -1,
                // A row that ON DUPLICATE KEY UPDATE leaves as it is counts 0.
                UseAffectedRows = true,
                Pooling = pooled > 0,
                MaximumPoolSize = Math.Max(1, pooled),
                // What a session is set to stays as it is, and nothing is left open in a connection that goes back.
                ConnectionReset = false,
                AutoEnlist = false,
                IgnorePrepare = false,
                // A parameter that was forgotten must be an error, not a NULL.
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

    /// <summary>A pool of connections that are set up as each of ours is.</summary>
    /// <param name="configured">From <see cref="Configure"/>, with a pool.</param>
    public static MySqlDataSource CreatePool(string configured) => new MySqlDataSourceBuilder(configured)
        .UseConnectionOpenedCallback(static async (context, cancellation) =>
        {
            if (context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New))
                await SetUpAsync(context.Connection, context.Connection.ConnectionTimeout, cancellation).ConfigureAwait(false);
        })
        .Build();

    /// <summary>Sends a new connection what it is to be set to.</summary>
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

    /// <summary>Server and database, for messages: never a password.</summary>
    public static string NameOf(string connectionString)
    {
        var parts = new MySqlConnectionStringBuilder(connectionString);
        return $"{parts.Server}:{parts.Port}/{parts.Database}";
    }

    /// <summary>
    /// The MySQL error number, from wherever in the chain the driver put it; 0 where there is none, as with a lost connection.
    /// </summary>
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
