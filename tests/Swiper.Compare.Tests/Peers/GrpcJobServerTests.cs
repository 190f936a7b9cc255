using Swiper.Compare.Peers;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Tests.Peers;

/// <summary>Every reply of a load is checked, and at the start that a match is found.</summary>
public sealed class GrpcJobServerTests(GrpcJobServerTests.Server server) : IClassFixture<GrpcJobServerTests.Server>
{
    private static readonly Pace Moment = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    [Theory]
    [InlineData(nameof(GrpcJobServer.Echo), 1)]
    [InlineData(nameof(GrpcJobServer.Echo), 16)]
    [InlineData(nameof(GrpcJobServer.Top50), 16)]
    [InlineData(nameof(GrpcJobServer.Swipes), 16)]
    public void Answers_every_request_of_a_load(string job, int inFlight) => Assert.Null(Record.Exception(() => job switch
    {
        nameof(GrpcJobServer.Echo) => server.Started.Echo(inFlight, Moment),
        nameof(GrpcJobServer.Top50) => server.Started.Top50(Moment),
        _ => server.Started.Swipes(Moment),
    }));

    public sealed class Server : IDisposable
    {
        internal GrpcJobServer Started { get; } = new();

        public void Dispose() => Started.Dispose();
    }
}
