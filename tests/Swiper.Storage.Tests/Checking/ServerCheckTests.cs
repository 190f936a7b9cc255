using System.Globalization;
using Swiper.Storage.Checking;

namespace Swiper.Storage.Tests.Checking;

/// <summary>How `check` judges what the servers of a cluster say of themselves.</summary>
public sealed class ServerCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> GoodMySql = new()
    {
        ["version"] = "8.4.3", ["innodb_flush_log_at_trx_commit"] = "1", ["log_bin"] = "ON", ["sync_binlog"] = "1",
        ["binlog_format"] = "ROW", ["transaction_isolation"] = "READ-COMMITTED", ["read_only"] = "OFF",
        ["character_set_database"] = "utf8mb4", ["collation_database"] = "utf8mb4_bin", ["max_connections"] = "151",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shard_as_hosts_need_it_has_no_findings(bool isFirst) =>
        Assert.All(MySqlCheck.Judge("shard", GoodMySql, isFirst), static finding => Assert.Equal(Verdict.Ok, finding.Verdict));

    [Theory]
    [InlineData("version", "5.7.44", Verdict.Problem, "MySQL 8.0 or newer is needed")]
    [InlineData("version", "10.6.20-MariaDB-log", Verdict.Problem, "MariaDB 10.11 or newer is needed")]
    [InlineData("version", "unknown", Verdict.Problem, "or newer is needed")]
    [InlineData("innodb_flush_log_at_trx_commit", "2", Verdict.Problem, "acknowledged swipes are lost")]
    [InlineData("innodb_flush_log_at_trx_commit", "0", Verdict.Problem, "acknowledged swipes are lost")]
    [InlineData("sync_binlog", "0", Verdict.Warning, "can lack acknowledged swipes")]
    [InlineData("binlog_format", "STATEMENT", Verdict.Problem, "set it to ROW")]
    [InlineData("transaction_isolation", "REPEATABLE-READ", Verdict.Problem, "READ-COMMITTED")]
    [InlineData("read_only", "ON", Verdict.Problem, "it is a replica")]
    [InlineData("character_set_database", "latin1", Verdict.Warning, "utf8mb4")]
    public void What_a_shard_should_not_be_is_found_and_nothing_else(string name, string value, Verdict verdict, string advice)
    {
        var found = MySqlCheck.Judge("shard 1", new Dictionary<string, string>(GoodMySql) { [name] = value }, isFirst: false);

        var finding = Assert.Single(found, static finding => finding.Verdict != Verdict.Ok);
        Assert.Equal((verdict, "shard 1"), (finding.Verdict, finding.Subject));
        Assert.Contains(value, finding.Text, StringComparison.Ordinal);
        Assert.Contains(advice, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11.8.3-MariaDB")]
    [InlineData("10.11.6-MariaDB-0+deb12u1")]
    public void MariaDb_is_judged_by_its_own_versions_and_names(string version)
    {
        var good = new Dictionary<string, string>(GoodMySql) { ["version"] = version, ["tx_isolation"] = "READ-COMMITTED" };
        good.Remove("transaction_isolation");
        Assert.All(MySqlCheck.Judge("shard", good, isFirst: false), static finding => Assert.Equal(Verdict.Ok, finding.Verdict));

        good["tx_isolation"] = "SERIALIZABLE";
        Assert.Contains(MySqlCheck.Judge("shard", good, isFirst: false), static finding =>
            finding.Verdict == Verdict.Problem && finding.Text.StartsWith("tx_isolation is SERIALIZABLE", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_binary_log_nothing_is_asked_of_it()
    {
        var without = new Dictionary<string, string>(GoodMySql)
        {
            ["log_bin"] = "OFF", ["sync_binlog"] = "0", ["binlog_format"] = "STATEMENT",
        };

        Assert.All(MySqlCheck.Judge("shard", without, isFirst: false), static finding => Assert.Equal(Verdict.Ok, finding.Verdict));
    }

    // A host takes 14, and one more of the first shard; one is kept for administrators.
    [Theory]
    [InlineData(43, false, 3, Verdict.Ok)]
    [InlineData(42, false, 2, Verdict.Warning)]
    [InlineData(45, true, 2, Verdict.Warning)]
    [InlineData(46, true, 3, Verdict.Ok)]
    [InlineData(15, false, 1, Verdict.Warning)]
    [InlineData(14, false, 0, Verdict.Problem)]
    [InlineData(15, true, 0, Verdict.Problem)]
    [InlineData(0, true, 0, Verdict.Problem)]
    public void Connections_are_enough_for_so_many_hosts(int connections, bool isFirst, int hosts, Verdict verdict)
    {
        var text = connections.ToString(CultureInfo.InvariantCulture);
        var found = MySqlCheck.Judge("shard", new Dictionary<string, string>(GoodMySql) { ["max_connections"] = text }, isFirst);

        var finding = Assert.Single(found, static finding => finding.Text.StartsWith("max_connections", StringComparison.Ordinal));
        Assert.Equal(verdict, finding.Verdict);
        Assert.StartsWith($"max_connections is {text}, for {hosts} hosts", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redis_as_hosts_need_it_has_no_findings() => Assert.All(
        RedisCheck.Judge("redis", new Version(7, 0), isReplica: false, "cluster_state:ok\r\ncluster_slots_assigned:16384\r\n")
            .Concat(RedisCheck.Judge("redis", new Version(8, 2, 1), isReplica: false, cluster: null))
            .Concat(RedisCheck.Judge("redis", "noeviction", save: "", appends: "no")),
        static finding => Assert.Equal(Verdict.Ok, finding.Verdict));

    [Theory]
    [InlineData("6.2.14", false, null, "7.0 or newer is needed")]
    [InlineData("7.2.4", true, null, "hosts use masters only")]
    [InlineData("7.2.4", false, "cluster_state:fail\r\ncluster_slots_assigned:10923\r\n", "cluster_state:fail: some slots have no node")]
    public void A_redis_that_hosts_can_not_use_is_a_problem(string version, bool isReplica, string? cluster, string advice)
    {
        var finding = Assert.Single(
            RedisCheck.Judge("redis", Version.Parse(version), isReplica, cluster), static finding => finding.Verdict != Verdict.Ok);

        Assert.Equal(Verdict.Problem, finding.Verdict);
        Assert.Contains(advice, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allkeys-lru", "", "no", Verdict.Problem, "set it to noeviction")]
    [InlineData("", "", "no", Verdict.Problem, "set it to noeviction")]
    [InlineData("noeviction", "3600 1", "no", Verdict.Warning, "it persists what it has")]
    [InlineData("noeviction", "", "yes", Verdict.Warning, "it persists what it has")]
    public void A_redis_that_evicts_or_persists_is_found(string policy, string save, string appends, Verdict verdict, string text)
    {
        var finding = Assert.Single(RedisCheck.Judge("redis", policy, save, appends), static finding => finding.Verdict != Verdict.Ok);

        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    // It was asked within two seconds; what is certain is how far it is from either end.
    [Theory]
    [InlineData(-1.0, Verdict.Ok)]
    [InlineData(-1.1, Verdict.Problem)]
    [InlineData(0.0, Verdict.Ok)]
    [InlineData(2.0, Verdict.Ok)]
    [InlineData(3.0, Verdict.Ok)]
    [InlineData(3.1, Verdict.Problem)]
    [InlineData(-3600.0, Verdict.Problem)]
    public void A_clock_may_be_a_second_from_this_machines(double seconds, Verdict verdict)
    {
        var finding = ClockDifference.Judge("redis", Now.AddSeconds(seconds), before: Now, after: Now.AddSeconds(2));

        Assert.Equal(verdict, finding.Verdict);
        if (verdict == Verdict.Problem)
            Assert.Contains("keep both in time with NTP", finding.Text, StringComparison.Ordinal);
    }
}
