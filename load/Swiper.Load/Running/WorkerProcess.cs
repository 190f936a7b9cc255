using System.Runtime.InteropServices;

namespace Swiper.Load.Running;

/// <summary>
/// The main loop of a child process: a worker that reads its plan and commands from standard input and writes its messages to standard
/// output.
/// </summary>
internal static class WorkerProcess
{
    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        // At a terminal Ctrl+C reaches this process too; it is ignored because the parent decides when to stop.
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
        // On a dedicated thread, because reading standard input blocks.
        while (await Task.Run(input.ReadLine) is { } line)
        {
            if (WorkerLines.TryReadStart(line, out var begin))
                worker.Start(begin);
            else if (line == WorkerLines.Stop)
                worker.Stop();
        }
        // The parent is gone, so there is no one to report to.
        Environment.Exit(0);
    }
}
