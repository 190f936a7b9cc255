using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Balancers;

public sealed class HaproxyTests(BalancedHosts hosts) : BalancerContract(hosts)
{
    [Fact]
    public async Task A_host_that_stops_gets_no_new_connections_until_it_is_ready_again()
    {
        using var balancer = await StartAsync("round-robin");
        await Hosts.First.StopAsync();
        await Eventually.HoldsAsync(async () => await CountOfFirstAsync(balancer, 4) == 0, "all go to the second");
        await Hosts.First.StartAsync();
        await Eventually.HoldsAsync(async () => await CountOfFirstAsync(balancer, 4) == 2, "they are shared again");
    }

    private protected override Task<Balancer> StartAsync(string kind) => Balancer.HaproxyAsync(kind, Hosts.First, Hosts.Second);
}

public sealed class NginxTests(BalancedHosts hosts) : BalancerContract(hosts)
{
    [Fact]
    public async Task A_host_that_has_gone_gets_no_connections_and_no_client_notices()
    {
        using var balancer = await Balancer.NginxAsync("round-robin", Hosts.First.Port, FreePorts.Find());
        Assert.Equal(6, await CountOfFirstAsync(balancer, 6));
    }

    private protected override Task<Balancer> StartAsync(string kind) => Balancer.NginxAsync(kind, Hosts.First.Port, Hosts.Second.Port);
}

/// <summary>
/// The real programs with the configurations of deploy/ in front of two hosts. Each host says whose connections it gets: so every test
/// also shows that the PROXY header told the client's address.
/// </summary>
public abstract class BalancerContract(BalancedHosts hosts) : IClassFixture<BalancedHosts>
{
    // The last part of the next client's address, which no other has.
    private int _last = 1;

    private protected BalancedHosts Hosts { get; } = hosts;

    [Fact]
    public async Task In_turn()
    {
        using var balancer = await StartAsync("round-robin");
        Assert.Equal(4, await CountOfFirstAsync(balancer, 8));
    }

    [Fact]
    public async Task By_weight()
    {
        using var balancer = await StartAsync("weights");
        Assert.Equal(6, await CountOfFirstAsync(balancer, 8));
    }

    [Fact]
    public async Task By_the_clients_address_which_has_its_share_of_a_host()
    {
        using var balancer = await StartAsync("source-hash");
        var ofFirst = new List<bool>();
        for (var number = 0; number < 20; number++)
        {
            var address = NextAddress();
            var clients = new List<BalancedClient>();
            for (var again = 0; again < BalancedHosts.ConnectionsPerAddress; again++)
                clients.Add(await BalancedClient.ConnectAsync(balancer.Port, address));
            var host = await IsOfFirstAsync(clients[0]);
            foreach (var client in clients)
                Assert.Equal(host, await IsOfFirstAsync(client));
            await Assert.ThrowsAnyAsync<IOException>(() => BalancedClient.ConnectAsync(balancer.Port, address));
            ofFirst.Add(host);
            foreach (var client in clients)
                await client.DisposeAsync();
        }
        Assert.Contains(true, ofFirst);
        Assert.Contains(false, ofFirst);
    }

    [Fact]
    public async Task By_the_fewest_connections()
    {
        using var balancer = await StartAsync("least-connections");
        var (first, second) = await ConnectAsync(balancer, 6);
        Assert.Equal((3, 3), (first.Count, second.Count));
        foreach (var client in first)
            await client.DisposeAsync();
        // The balancer learns a moment later that they have gone; taking turns would never do this.
        await Eventually.HoldsAsync(async () => await CountOfFirstAsync(balancer, 3) == 3, "the first host gets the next three");
        foreach (var client in second)
            await client.DisposeAsync();
    }

    private protected abstract Task<Balancer> StartAsync(string kind);

    private protected async Task<int> CountOfFirstAsync(Balancer balancer, int connections)
    {
        var (first, second) = await ConnectAsync(balancer, connections);
        foreach (var client in first.Concat(second))
            await client.DisposeAsync();
        return first.Count;
    }

    private async Task<(List<BalancedClient> First, List<BalancedClient> Second)> ConnectAsync(Balancer balancer, int connections)
    {
        var (first, second) = (new List<BalancedClient>(), new List<BalancedClient>());
        for (var number = 0; number < connections; number++)
        {
            var client = await BalancedClient.ConnectAsync(balancer.Port, NextAddress());
            (await IsOfFirstAsync(client) ? first : second).Add(client);
        }
        return (first, second);
    }

    // A host writes to its log a moment after it has taken a connection.
    private async Task<bool> IsOfFirstAsync(BalancedClient client)
    {
        await Eventually.HoldsAsync(() => Hosts.First.Knows(client) || Hosts.Second.Knows(client), $"a host knows {client.Address}");
        return Hosts.First.Knows(client);
    }

    private string NextAddress() => $"127.0.{_last / 250}.{(_last++ % 250) + 1}";
}
