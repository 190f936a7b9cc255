using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Swiper.Load.Running;

/// <summary>A worker in a child process of the same program; never outlives this process.</summary>
internal sealed class ChildWorker : IWorker
{
    /// <summary>The argument that starts the program as a worker.</summary>
    public const string Command = "worker";

    private readonly Channel<WorkerMessage> _messages = Channel.CreateUnbounded<WorkerMessage>();
    private readonly int _number;
    private readonly Process _process;
    private readonly Task _reading;

    /// <param name="number">The process's number in messages, from 1.</param>
    public ChildWorker(int number, WorkerPlan plan)
    {
        _number = number;
        var program = Path.Combine(AppContext.BaseDirectory, "Swiper.Load.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, Command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Say(WorkerLines.Write(plan));
        _reading = ReadAsync();
    }

    public ChannelReader<WorkerMessage> Messages => _messages.Reader;

    public int ProcessId => _process.Id;

    public void Start(long begin) => Say(WorkerLines.Start(begin));

    public void Stop() => Say(WorkerLines.Stop);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _reading;
        _process.Dispose();
    }

    private void Say(string line)
    {
        try
        {
            lock (_process)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // The process has exited; its last message says why, or that it died.
        }
    }

    private async Task ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        var hasSaidAll = false;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            try
            {
                var message = WorkerLines.ReadMessage(line);
                hasSaidAll |= message is WorkerMessage.Finished or WorkerMessage.Failed;
                _messages.Writer.TryWrite(message);
            }
            catch (JsonException)
            {
                _messages.Writer.TryWrite(new WorkerMessage.Failed($"runner process {_number} sent an invalid message: {line}"));
                hasSaidAll = true;
            }
        }
        await _process.WaitForExitAsync();
        if (!hasSaidAll)
        {
            var why = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            _messages.Writer.TryWrite(new WorkerMessage.Failed(
                $"runner process {_number} died with exit code {_process.ExitCode}{(why is null ? "" : $": {why}")}"));
        }
        _messages.Writer.Complete();
    }
}
