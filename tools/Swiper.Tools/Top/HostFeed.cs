using System.Diagnostics;
using System.Net.Sockets;

namespace Swiper.Tools.Top;

/// <summary>What is known of a host after a round of scrapes.</summary>
/// <param name="Host">As it was named.</param>
/// <param name="Interval">Null if it is away.</param>
/// <param name="Error">Why it is away, in one line.</param>
internal sealed record HostState(string Host, Interval? Interval, string? Error);

/// <summary>The metrics of one host, over HTTP or through its operations socket. A host that goes away is asked again each time.</summary>
internal sealed class HostFeed : IDisposable
{
    /// <summary>For an answer, from the connection to its last byte.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    // A host has some hundred series; what answers with more than this is none.
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly string _name;
    private readonly HttpClient _http;
    private readonly Uri _metrics;
    private Scrape? _last;

    /// <param name="url">Where its metrics are.</param>
    public HostFeed(Uri url)
        : this(url.Authority, url, new SocketsHttpHandler())
    {
    }

    /// <param name="socket">The path of its operations socket.</param>
    public HostFeed(string socket)
        : this(
            socket, new Uri("http://host/metrics"),
            new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(socket, cancellation) })
    {
    }

    private HostFeed(string name, Uri metrics, SocketsHttpHandler handler)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        (_name, _metrics) = (name, metrics);
        _http = new HttpClient(handler) { Timeout = Deadline, MaxResponseContentBufferSize = MostBytes };
    }

    /// <summary>Asks the host, and never takes longer than <see cref="Deadline"/>.</summary>
    public async Task<HostState> ScrapeAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync(_metrics, cancellation);
            if (!response.IsSuccessStatusCode)
                return Away($"{_metrics.AbsolutePath} is answered with {(int)response.StatusCode}");
            var scrape = new Scrape(Stopwatch.GetTimestamp(), MetricsText.Parse(await response.Content.ReadAsStringAsync(cancellation)));
            var interval = new Interval(_last, scrape);
            _last = scrape;
            return new HostState(_name, interval, Error: null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Away($"no answer within {Deadline.TotalSeconds:0} s");
        }
        catch (FormatException problem)
        {
            return Away($"what answers has no metrics: {problem.Message}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Away((exception.InnerException as SocketException)?.Message ?? exception.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    // Rates over the time that it was away would tell of a past that nobody watches for.
    private HostState Away(string reason)
    {
        _last = null;
        return new HostState(_name, Interval: null, reason.ReplaceLineEndings(" "));
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
