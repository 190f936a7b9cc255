using System.CommandLine;

namespace Swiper.Host;

/// <summary>`health`: asks a running host how it is, for what has no other client, such as a container without a shell.</summary>
internal static class HealthCommand
{
    private const int MostTold = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var url = new Option<string>("--url")
        {
            Description = "what to ask", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:7490/health/live",
        };
        url.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttp)
                result.AddError($"--url: '{text}' is not an http URL");
        });
        var command = new Command("health", "Asks a host on this machine how it is. Exit code 1 if not well, 69 if it does not answer.")
        {
            url,
        };
        command.SetAction((parsed, cancellation) => AskAsync(new Uri(parsed.GetRequiredValue(url)), cancellation));
        return command;
    }

    private static async Task<int> AskAsync(Uri url, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var reply = await client.GetAsync(url, cancellation);
            var told = await reply.Content.ReadAsStringAsync(cancellation);
            Console.WriteLine(told.Length > MostTold ? told[..MostTold] : told);
            return reply.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Unwell;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"swiper: {url} does not answer: {exception.Message}");
            return ExitCode.NoHost;
        }
    }
}
