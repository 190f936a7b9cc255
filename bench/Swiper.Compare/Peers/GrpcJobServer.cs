using System.Diagnostics;
using Grpc.Net.Client;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Peers.Jobs;

namespace Swiper.Compare.Peers;

/// <summary>
/// gRPC with its own .NET client, because hand-written HTTP/2 would be a project by itself. That client costs more than the load client
/// of the other rivals, so the rows say less about the server; see "limited by".
/// </summary>
internal sealed class GrpcJobServer : IJobServer
{
    private const int People = 20_000;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly ServerProcess _process = Peer.Start("gRPC", "Swiper.Peers.Grpc");
    private readonly GrpcChannel[] _channels;
    private readonly JobService.JobServiceClient[] _clients;
    private readonly long[] _people = [.. Enumerable.Range(1, People).Select(uid => (long)uid)];
    private readonly SwipePairs _pairs;

    public GrpcJobServer()
    {
        // One connection per channel.
        _channels = [.. Enumerable.Range(0, Loads.Connections).Select(_ => GrpcChannel.ForAddress(
            $"http://{_process.EndPoint}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler(), DisposeHttpClient = true }))];
        _clients = [.. _channels.Select(channel => new JobService.JobServiceClient(channel))];
        _pairs = new SwipePairs(_people, _people);
        try
        {
            _process.WaitUntil(static endpoint => LoadConnection.Open(endpoint).Dispose(), StartPatience);
            if (_clients[0].Swipe(Like(People, People - 1)).Matched || !_clients[0].Swipe(Like(People - 1, People)).Matched)
                throw new InvalidOperationException("gRPC did not report a match");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Reading Echo(int inFlight, Pace pace)
    {
        var message = new EchoMessage { Text = JsonJobServer.EchoText };
        return Run(inFlight, pace, async (client, _) => Expect((await client.EchoAsync(message)).Text == message.Text));
    }

    public Reading Top50(Pace pace) =>
        Run(Loads.Pipelined, pace, static async (client, _) => Expect((await client.TopAsync(new TopRequest())).People.Count == 50));

    public Reading Swipes(Pace pace) => Run(Loads.Pipelined, pace, async (client, caller) =>
    {
        Expect(_pairs.TryNext(caller, out var sid, out var done));
        var kind = (int)SwipePairs.KindOf(done, SwipePairs.HalfLikes);
        await client.SwipeAsync(new SwipeRequest { Uid = _people[caller], Sid = sid, Kind = kind });
    });

    public void Dispose()
    {
        foreach (var channel in _channels)
            channel.Dispose();
        _process.Dispose();
    }

    private static SwipeRequest Like(long uid, long sid) => new() { Uid = uid, Sid = sid, Kind = 1 };

    private static void Expect(bool isRight)
    {
        if (!isRight)
            throw new InvalidDataException("gRPC returned a wrong answer");
    }

    // One caller per request in flight; each sends the next request as soon as it gets a reply.
    private Reading Run(int inFlight, Pace pace, Func<JobService.JobServiceClient, int, Task> ask)
    {
        using var stop = new CancellationTokenSource();
        var answered = 0L;
        var callers = Enumerable.Range(0, Loads.Connections * inFlight).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await ask(_clients[caller % _clients.Length], caller);
                Interlocked.Increment(ref answered);
            }
        })).ToArray();

        Thread.Sleep(pace.WarmUp);
        var (cpu, start, before) = (CpuTimes.Read(_process.Group), Stopwatch.GetTimestamp(), Interlocked.Read(ref answered));
        Thread.Sleep(pace.Window);
        var (count, elapsed, used) =
            (Interlocked.Read(ref answered) - before, Stopwatch.GetElapsedTime(start), CpuTimes.Read(_process.Group) - cpu);
        stop.Cancel();
        Task.WaitAll(callers);
        return new Reading(count / elapsed.TotalSeconds, used.Server / elapsed, used.Client / elapsed, used.Others / elapsed)
        {
            // Where the requests queue is not visible here; the side that uses more CPU is taken as the slower one.
            ClientQueue = used.Client > used.Server ? 1 : 0,
        };
    }
}
