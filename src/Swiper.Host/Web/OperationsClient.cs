using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Swiper.Host.Web;

/// <summary>An operation that did not succeed; the message is one line for the operator.</summary>
internal sealed class OperationFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}

/// <summary>Asks a running host for operations through its socket.</summary>
internal sealed class OperationsClient : IDisposable
{
    // Longer than a host waits for any of its stores.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly JsonSerializerOptions Json = Operations.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    private readonly string _socket;
    private readonly HttpClient _http;

    /// <param name="socket">The path of the host's operations socket.</param>
    public OperationsClient(string socket)
    {
        _socket = socket;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false })
        {
            BaseAddress = new Uri("http://operations/"),
            // Each call has a bound of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="OperationFailedException">No host answers, or it refused.</exception>
    public Task<TReply> GetAsync<TReply>(string route, CancellationToken cancellation) =>
        SendAsync<TReply>(new HttpRequestMessage(HttpMethod.Get, route), cancellation);

    /// <inheritdoc cref="GetAsync"/>
    /// <param name="route">What is asked.</param>
    /// <param name="body">The argument.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="patience">How long the host may take; null for as long as most operations may.</param>
    public Task<TReply> PostAsync<TRequest, TReply>(
        string route, TRequest body, CancellationToken cancellation, TimeSpan? patience = null) =>
        SendAsync<TReply>(WithBody(HttpMethod.Post, route, body), cancellation, patience);

    /// <inheritdoc cref="GetAsync"/>
    public Task<TReply> PatchAsync<TRequest, TReply>(string route, TRequest body, CancellationToken cancellation) =>
        SendAsync<TReply>(WithBody(HttpMethod.Patch, route, body), cancellation);

    /// <summary>The replies of an operation that goes on, as they come. Whoever stops reading ends it.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        string route, TRequest body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var request = WithBody(HttpMethod.Post, route, body);
        using var response = await ExplainAsync(
            () => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token), cancellation);
        await ExplainAsync(() => RequireSuccessAsync(response, patience.Token), cancellation);
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        await using var replies = JsonSerializer.DeserializeAsyncEnumerable<TReply>(content, topLevelValues: true, Json, patience.Token)
            .GetAsyncEnumerator(cancellation);
        while (true)
        {
            patience.CancelAfter(Patience);
            if (!await ExplainAsync(() => replies.MoveNextAsync().AsTask(), cancellation))
                yield break;
            yield return replies.Current!;
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage WithBody<TRequest>(HttpMethod method, string route, TRequest body) =>
        new(method, route) { Content = JsonContent.Create(body, options: Json) };

    private Task<TReply> SendAsync<TReply>(
        HttpRequestMessage request, CancellationToken cancellation, TimeSpan? patience = null) => ExplainAsync(
        async () =>
        {
            using (request)
            {
                using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                bound.CancelAfter(patience ?? Patience);
                using var response = await _http.SendAsync(request, bound.Token);
                await RequireSuccessAsync(response, bound.Token);
                return (await response.Content.ReadFromJsonAsync<TReply>(Json, bound.Token))!;
            }
        },
        cancellation);

    private static async Task<bool> RequireSuccessAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return true;
        var error = await response.Content.ReadFromJsonAsync<OperationError>(Json, cancellation);
        throw new OperationFailedException(ExitCode.Refused, error!.Error.ReplaceLineEndings(" "));
    }

    private async Task<TResult> ExplainAsync<TResult>(Func<Task<TResult>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException unreachable)
        {
            throw new OperationFailedException(ExitCode.NoHost, unreachable.SocketErrorCode == SocketError.AccessDenied
                ? $"no permission to use {_socket}: only the account that the host runs as may"
                : $"no host answers on {_socket}: start one, or say where it is as for `run`: --data DIR, or --set Ops:Socket=PATH");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw new OperationFailedException(
                ExitCode.NoHost, $"whatever answers on {_socket} is not a host, or has just exited: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OperationFailedException(ExitCode.NoHost, $"the host on {_socket} has not answered in time: see its log");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
