using System.Net;

namespace Swiper.Host.Connections;

/// <summary>The networks of the balancers in front of this host, whose word on clients' addresses it takes.</summary>
internal sealed class ProxyNetworks(IReadOnlyList<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(IPNetwork.Parse)];

    public bool Contain(EndPoint? remote)
    {
        if (_networks.Length == 0 || remote is not IPEndPoint { Address: var address })
            return false;
        // So a port that takes IPv4 and IPv6 shows those of IPv4.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in _networks)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }

    public override string ToString() => string.Join(", ", _networks);
}
