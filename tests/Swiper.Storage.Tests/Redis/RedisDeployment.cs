using System.Globalization;

namespace Swiper.Storage.Tests.Redis;

/// <summary>
/// Redis as a test finds it: running, empty, and its own. Only <see cref="OneRedis"/> and <see cref="RedisClusterOfThree"/> know how it
/// is started.
/// </summary>
public abstract class RedisDeployment : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal List<RedisProcess> Servers { get; } = [];

    public string Configuration => string.Join(',', Servers.Select(server => server.Address));

    public abstract void Empty();

    public void Dispose()
    {
        foreach (var server in Servers)
            server.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal RedisProcess Add(params string[] settings)
    {
        var server = new RedisProcess(_folder.File($"{Servers.Count}"), settings);
        Servers.Add(server);
        return server;
    }
}

public sealed class OneRedis : RedisDeployment
{
    public OneRedis() => Add();

    public override void Empty() => Servers[0].Command("FLUSHALL");
}

public sealed class RedisClusterOfThree : RedisDeployment
{
    private const int Slots = 16384;

    public RedisClusterOfThree()
    {
        for (var i = 0; i < 3; i++)
        {
            var server = Add("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no");
            server.Command("CLUSTER", "ADDSLOTSRANGE", Text(Slots * i / 3), Text(Slots * (i + 1) / 3 - 1));
            server.Command("CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1));
        }

        var bus = BusPort(Servers[0]);
        foreach (var server in Servers.Skip(1))
            server.Command("CLUSTER", "MEET", "127.0.0.1", Text(Servers[0].Port), bus);
        foreach (var server in Servers)
            server.AwaitAnswer("CLUSTER INFO", answer => answer.Contains("cluster_state:ok")
                && answer.Contains("cluster_slots_assigned:16384") && answer.Contains("cluster_known_nodes:3"));
    }

    public override void Empty()
    {
        foreach (var server in Servers)
            server.Command("FLUSHALL");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // "<id> 127.0.0.1:<port>@<bus port> myself,..."
    private static string BusPort(RedisProcess server) => server.Command("CLUSTER", "NODES").Split('@')[1].Split(' ', ',')[0];
}
