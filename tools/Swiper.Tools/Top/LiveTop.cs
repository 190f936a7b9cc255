using Spectre.Console;

namespace Swiper.Tools.Top;

/// <summary>A view that is renewed each round, on a screen of its own, and heeds keys.</summary>
internal static class LiveTop
{
    /// <summary>Returns when the user quits.</summary>
    public static async Task RunAsync(IReadOnlyList<HostFeed> feeds, TimeSpan pause, CancellationToken cancellation)
    {
        // Keys come from a terminal, or never; where the errors go says nothing of that.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Interactive = Console.IsInputRedirected ? InteractionSupport.No : InteractionSupport.Yes,
        });
        console.Write(new ControlCode("\e[?1049h\e[?25l"));
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await RoundsAsync(console, feeds, pause, ended.Token);
            // Nobody waits for a key any more.
            await ended.CancelAsync();
        }
        finally
        {
            console.Write(new ControlCode("\e[?25h\e[?1049l"));
        }
    }

    private static async Task RoundsAsync(
        IAnsiConsole console, IReadOnlyList<HostFeed> feeds, TimeSpan pause, CancellationToken cancellation)
    {
        var view = new TopView(console);
        var key = ReadKeyAsync(console, cancellation);
        while (true)
        {
            var round = await Round.AskAsync(feeds, cancellation);
            view.Show(round);
            var next = Task.Delay(pause, cancellation);
            while (await Task.WhenAny(next, key) == key)
            {
                switch ((await key)?.Key)
                {
                    case ConsoleKey.Q or ConsoleKey.Escape:
                        return;
                    case ConsoleKey.O:
                        view.OrderByNext();
                        break;
                    case ConsoleKey.H:
                        view.ChangeRows();
                        break;
                }
                view.Show(round);
                key = ReadKeyAsync(console, cancellation);
            }
            await next;
        }
    }

    private static async Task<ConsoleKeyInfo?> ReadKeyAsync(IAnsiConsole console, CancellationToken cancellation)
    {
        if (!console.Profile.Capabilities.Interactive)
            await Task.Delay(Timeout.Infinite, cancellation);
        return await console.Input.ReadKeyAsync(intercept: true, cancellation);
    }
}
