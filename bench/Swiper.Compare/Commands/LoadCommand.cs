using System.Net;
using Spectre.Console;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Local.Processes;

namespace Swiper.Compare.Commands;

/// <summary>Runs one echo load against a running server.</summary>
internal static class LoadCommand
{
    public static int Run(int port, int process, int connections, int inFlight, TimeSpan window, bool bare)
    {
        var requests = RepeatedRequests.Echo();
        var framed = new FramedReplies();
        using var open = LoadConnections.Open(new IPEndPoint(IPAddress.Loopback, port), connections);
        var plan =
            new LoadPlan(inFlight, requests, bare ? new FixedSizeReplies(requests.FrameSize) : framed, TimeSpan.FromSeconds(1), window);
        using var loop = new LoadLoop(open.All, plan);
        var figures = loop.Run(new ServerGroup(("server", process)));
        var reading = Reading.Of(figures, ["server"]);
        var clientEach = figures.ClientCores * 1e6 / figures.PerSecond;
        AnsiConsole.WriteLine($"""
            {figures.PerSecond:#,0} requests/s, {framed.Refused} refused, limited by: {reading.LimitedBy()}
            latency, us: p50 {Micros(figures.Median)}, p99 {Micros(figures.Percentile99)}, max {Micros(figures.Longest)}
            server: {figures.ServerCores:0.00} cores, {reading.ServerMicrosecondsEach:0.00} us per request
            client: {figures.ClientCores:0.00} cores, {clientEach:0.00} us per request, {figures.ClientQueue:0 %} of connections queued
            others: {figures.OtherCores:0.00} cores
            """);
        return framed.Refused == 0 ? 0 : 1;
    }

    private static string Micros(TimeSpan time) => $"{time.TotalMicroseconds:0}";
}
