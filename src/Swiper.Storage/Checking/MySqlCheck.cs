using System.Data.Common;
using System.Globalization;
using Dapper;
using Swiper.Storage.Cluster;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Checking;

/// <summary>Whether the server of a shard is as hosts need it.</summary>
public static class MySqlCheck
{
    // That of the node number, on the first shard.
    private const int MoreOnTheFirst = 1;
    private const int FewHosts = 3;
    private const string Isolation = "READ-COMMITTED";

    private static readonly Version OldestMySql = new(8, 0);
    private static readonly Version OldestMariaDb = new(10, 11);

    /// <summary>Looks at a shard.</summary>
    /// <param name="shard">Its number.</param>
    /// <param name="connectionString">The operator's connection string.</param>
    /// <param name="patience">For each answer.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(int shard, string connectionString, TimeSpan patience)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"shard {shard}");
        try
        {
            var settings = MySqlDriver.Configure(connectionString, patience, patience);
            await using var connection = MySqlDriver.Create(settings);
            await connection.OpenAsync().ConfigureAwait(false);
            // As the sessions of a host are.
            await MySqlDriver.SetUpAsync(connection, (int)patience.TotalSeconds, CancellationToken.None).ConfigureAwait(false);
            var variables = await ReadAsync(connection).ConfigureAwait(false);
            var before = DateTimeOffset.UtcNow;
            var now = await connection.ExecuteScalarAsync<decimal>("SELECT UNIX_TIMESTAMP(SYSDATE(6))").ConfigureAwait(false);
            var time = DateTimeOffset.UnixEpoch.AddMicroseconds((double)(now * 1_000_000));
            var clock = ClockDifference.Judge(subject, time, before, DateTimeOffset.UtcNow);
            return [.. Judge(subject, variables, isFirst: shard == 0), clock];
        }
        catch (Exception exception) when (exception is DbException or ArgumentException or TimeoutException or InvalidOperationException)
        {
            return [Finding.Problem(subject, $"can't be used: {exception.Message.ReplaceLineEndings(" ")}")];
        }
    }

    private static async Task<Dictionary<string, string>> ReadAsync(DbConnection connection)
    {
        // The same names on both, whatever the version.
        var rows = await connection.QueryAsync<(string Name, string Value)>(
            """
            SHOW VARIABLES WHERE Variable_name IN ('version', 'innodb_flush_log_at_trx_commit', 'sync_binlog', 'log_bin', 'binlog_format',
                'max_connections', 'read_only', 'character_set_database', 'collation_database', 'transaction_isolation', 'tx_isolation')
            """).ConfigureAwait(false);
        return rows.ToDictionary(static row => row.Name, static row => row.Value, StringComparer.OrdinalIgnoreCase);
    }

    /// <param name="subject">The shard.</param>
    /// <param name="variables">Of a session, by their names.</param>
    /// <param name="isFirst">Whether it is the first shard.</param>
    internal static IEnumerable<Finding> Judge(string subject, IReadOnlyDictionary<string, string> variables, bool isFirst)
    {
        var version = variables["version"];
        var isMariaDb = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var oldest = isMariaDb ? OldestMariaDb : OldestMySql;
        yield return Finding.Of(
            subject, Version.TryParse(version.Split('-')[0], out var parsed) && parsed >= oldest, $"version {version}",
            $"{(isMariaDb ? "MariaDB" : "MySQL")} {oldest} or newer is needed");
        yield return Finding.Of(
            subject, Is("innodb_flush_log_at_trx_commit", "1"), Told("innodb_flush_log_at_trx_commit"),
            "set it to 1, or acknowledged swipes are lost with the server");
        var hasBinlog = Is("log_bin", "ON");
        if (hasBinlog)
        {
            yield return Finding.Of(
                subject, Is("sync_binlog", "1"), Told("sync_binlog"),
                "set it to 1, or replicas and restores from the binary log can lack acknowledged swipes", Verdict.Warning);
            yield return Finding.Of(
                subject, !Is("binlog_format", "STATEMENT"), Told("binlog_format"),
                "set it to ROW: hosts write at READ COMMITTED, which STATEMENT refuses");
        }

        // MariaDB had the other name until 11.1.
        var isolation = variables.ContainsKey("transaction_isolation") ? "transaction_isolation" : "tx_isolation";
        yield return Finding.Of(
            subject, Is(isolation, Isolation), Told(isolation),
            $"it is not the {Isolation} that a host asks for: something on the way, such as a proxy, does not keep what a session sets");
        yield return Finding.Of(
            subject, Is("read_only", "OFF"), Told("read_only"), "it is a replica, or was set so; hosts must write");
        yield return Finding.Of(
            subject, Is("character_set_database", "utf8mb4"), $"{Told("character_set_database")}, {variables["collation_database"]}",
            "Swiper's tables are utf8mb4 whatever the database is, but tools that make tables there may be surprised", Verdict.Warning);
        var connections = int.Parse(variables["max_connections"], CultureInfo.InvariantCulture);
        var hosts = Math.Max(0, connections - 1) / (ClusterShard.MostConnections + (isFirst ? MoreOnTheFirst : 0));
        yield return Finding.Of(
            subject, hosts >= FewHosts, string.Create(CultureInfo.InvariantCulture, $"{Told("max_connections")}, for {hosts} hosts"),
            "raise it if you run more", hosts == 0 ? Verdict.Problem : Verdict.Warning);

        bool Is(string name, string value) => variables.GetValueOrDefault(name) == value;
        string Told(string name) => $"{name} is {variables.GetValueOrDefault(name, "not told")}";
    }
}
