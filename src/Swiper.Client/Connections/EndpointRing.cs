namespace Swiper.Client.Connections;

/// <summary>Chooses the next server: all in turn, the last used one at the end. It starts at random, to spread the clients.</summary>
internal sealed class EndpointRing(IReadOnlyList<SwiperEndpoint> endpoints)
{
    private int _next = Random.Shared.Next(endpoints.Count);

    public int Count => endpoints.Count;

    public SwiperEndpoint Next()
    {
        var endpoint = endpoints[_next];
        _next = (_next + 1) % endpoints.Count;
        return endpoint;
    }
}
