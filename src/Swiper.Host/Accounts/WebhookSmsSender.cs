using System.Net.Http.Headers;
using Swiper.Core.Accounts;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>Posts each message as {"phone","text"} to the operator's SMS gateway, which answers 2xx once it has taken it.</summary>
internal sealed class WebhookSmsSender : ISmsSender, IDisposable
{
    private readonly HttpClient _http;
    private readonly SmsQueue _queue;
    private readonly Uri _url;
    private readonly ILogger _logger;

    public WebhookSmsSender(SmsOptions options, ILogger<WebhookSmsSender> logger)
    {
        _url = new Uri(options.Url!);
        _logger = logger;
        _queue = new SmsQueue(options.Connections, options.Queue, options.Timeout, logger);
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.Connections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // The message and the token are this gateway's alone.
            AllowAutoRedirect = false,
        })
        {
            // The queue's covers the wait for a connection, too.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
    }

    public async ValueTask SendAsync(string phone, string text)
    {
        try
        {
            await _queue.RunAsync(async cancellation =>
            {
                using var response = await _http.PostAsJsonAsync(_url, new { phone, text }, cancellation);
                response.EnsureSuccessStatusCode();
            });
        }
        catch (HttpRequestException exception)
        {
            SmsLog.NotTaken(_logger, Phone.Mask(phone), exception);
            throw new SmsNotSentException("the SMS gateway did not accept the message", exception);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _queue.Dispose();
    }
}
