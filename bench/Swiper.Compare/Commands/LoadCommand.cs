using System.Net;
using Spectre.Console;
using Swiper.Compare.Load;
using Swiper.Compare.Requests;
using Swiper.Compare.Rows;
using Swiper.Local.Processes;

namespace Swiper.Compare.Commands;

/// <summary>One echo load on a server that is there already.</summary>
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
        AnsiConsole.WriteLine($"""
            {figures.PerSecond:#,0} requests/s, {framed.Refused} refused, limited by: {reading.LimitedBy()}
            latency: median {figures.Median.TotalMicroseconds:0} us, 99 % {figures.Percentile99.TotalMicroseconds:0} us, longest {figures.Longest.TotalMicroseconds:0} us
            server: {figures.ServerCores:0.00} cores, {reading.ServerMicrosecondsEach:0.00} us a request
            client: {figures.ClientCores:0.00} cores, {figures.ClientCores * 1e6 / figures.PerSecond:0.00} us a request, {figures.ClientQueue:0 %} of the connections in its queue
            others: {figures.OtherCores:0.00} cores
            """);
        return framed.Refused == 0 ? 0 : 1;
    }
}
