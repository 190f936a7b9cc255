namespace Swiper.Compare.Peers;

/// <summary>gRPC, whose packages are in the full set only.</summary>
internal static class Grpc
{
    public static IJobServer Start() =>
#if SWIPER_FULL
        new GrpcJobServer();
#else
        throw new PeerMissingException("gRPC is in the full package set only");
#endif
}
