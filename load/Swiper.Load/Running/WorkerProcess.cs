using System.Runtime.InteropServices;

namespace Swiper.Load.Running;

/// <summary>
/// The inside of a child process: a worker that reads its plan and its orders from standard input, and tells its messages on standard
/// output.
/// </summary>
internal static class WorkerProcess
{
    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        // At a terminal Ctrl+C reaches this process too; the parent says when it is over.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        if (await input.ReadLineAsync() is not { } plan)
            return;
        await using var worker = new LocalWorker(WorkerLines.ReadPlan(plan));
        _ = ObeyAsync(worker, input);
        await foreach (var message in worker.Messages.ReadAllAsync())
        {
            await output.WriteLineAsync(WorkerLines.Write(message));
            await output.FlushAsync();
        }
    }

    private static async Task ObeyAsync(LocalWorker worker, TextReader input)
    {
        // On a thread of its own: reading standard input blocks.
        while (await Task.Run(input.ReadLine) is { } line)
        {
            if (WorkerLines.TryReadStart(line, out var begin))
                worker.Start(begin);
            else if (line == WorkerLines.Stop)
                worker.Stop();
        }
        // The parent is gone, and nobody wants the figures any more.
        Environment.Exit(0);
    }
}
