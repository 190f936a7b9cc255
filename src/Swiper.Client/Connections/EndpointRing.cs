namespace Swiper.Client.Connections;

/// <summary>Which server is tried next: all in turn, the one used last at the end. It begins anywhere, so that clients spread.</summary>
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
