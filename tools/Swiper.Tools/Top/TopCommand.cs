using System.CommandLine;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Swiper.Host;
using Swiper.Local;

namespace Swiper.Tools.Top;

/// <summary>`./swiper top`: what hosts are doing right now, from their metrics.</summary>
internal static class TopCommand
{
    private const string DefaultHost = "http://127.0.0.1:7490";

    public static Command Create()
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = $"ops port of a host; may be repeated ({DefaultHost})", HelpName = "URL",
        };
        var data = new Option<string?>("--data")
        {
            Description = "hosts of this data folder, through their operations sockets", HelpName = "DIR",
        };
        var once = new Option<bool>("--once") { Description = "print the figures of one interval and exit" };
        var json = new Option<bool>("--json") { Description = "print one JSON object per line" };
        var every = new Option<double>("--every")
        {
            Description = "seconds between two rounds (1)", HelpName = "S", DefaultValueFactory = _ => 1,
        }.Within(0.1, 3600);
        hosts.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => ToUrl(token.Value) is null))
                result.AddError($"--host: '{token.Value}' is not the URL of an ops port, such as {DefaultHost}");
        });
        data.Validators.Add(result =>
        {
            if (result.Tokens is [var folder] && !Directory.Exists(folder.Value))
                result.AddError($"--data: folder '{folder.Value}' does not exist");
        });

        var command = new Command("top", "Shows what hosts are doing right now, from their metrics: requests, latencies, errors, stores.")
        {
            hosts, data, once, json, every,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            List<HostFeed> feeds =
            [
                .. (parsed.GetValue(hosts) ?? []).Select(host => new HostFeed(ToUrl(host)!)),
                .. parsed.GetValue(data) is { } folder ? SocketsIn(folder).Select(socket => new HostFeed(socket)) : [],
            ];
            if (feeds.Count == 0)
                feeds.Add(new HostFeed(ToUrl(DefaultHost)!));
            var pause = TimeSpan.FromSeconds(parsed.GetValue(every));
            try
            {
                if (parsed.GetValue(once))
                    return await OnceAsync(feeds, pause, parsed.GetValue(json), cancellation);
                if (parsed.GetValue(json) || Console.IsOutputRedirected)
                    await WriteLinesAsync(feeds, pause, parsed.GetValue(json), cancellation);
                else
                    await LiveTop.RunAsync(feeds, pause, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl+C, which is how one ends it.
            }
            finally
            {
                feeds.ForEach(feed => feed.Dispose());
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> OnceAsync(List<HostFeed> feeds, TimeSpan pause, bool asJson, CancellationToken cancellation)
    {
        await Round.AskAsync(feeds, cancellation);
        await Task.Delay(pause, cancellation);
        var round = await Round.AskAsync(feeds, cancellation);
        if (asJson)
            await Console.Out.WriteLineAsync(round.ToJson());
        else
            new TopView(TerminalConsole.Create()).Write(round);
        if (round.HostsUp > 0)
            return ExitCode.Ok;
        foreach (var host in round.Hosts)
            await Console.Error.WriteLineAsync($"swiper: {host.Host}: {host.Error}");
        return ExitCode.NoHost;
    }

    private static async Task WriteLinesAsync(List<HostFeed> feeds, TimeSpan pause, bool asJson, CancellationToken cancellation)
    {
        // Unlike the console's, it tells when nobody reads any more, as after `| head`.
        using var handle = new SafeFileHandle(1, ownsHandle: false);
        await using var output = new StreamWriter(new FileStream(handle, FileAccess.Write, bufferSize: 0)) { AutoFlush = true };
        try
        {
            await Round.AskAsync(feeds, cancellation);
            for (var line = 0; ; line++)
            {
                await Task.Delay(pause, cancellation);
                var round = await Round.AskAsync(feeds, cancellation);
                if (!asJson && line % TopLines.ToAHeading == 0)
                    await output.WriteLineAsync(TopLines.Heading);
                await output.WriteLineAsync(asJson ? round.ToJson() : TopLines.Of(round));
            }
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }

    private static Uri? ToUrl(string host)
    {
        if (!Uri.TryCreate(host.Contains("://", StringComparison.Ordinal) ? host : $"http://{host}", UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            return null;
        return url.AbsolutePath == "/" ? new Uri(url, "/metrics") : url;
    }

    // Hosts of a cluster that share a folder have a socket each. Where there is none yet, the host may come.
    private static string[] SocketsIn(string folder) => Directory.GetFiles(folder, "ops*.sock") is { Length: > 0 } found
        ? [.. found.Order(StringComparer.Ordinal)] : [Path.Combine(folder, "ops.sock")];
}
