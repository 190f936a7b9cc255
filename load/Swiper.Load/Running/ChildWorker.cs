using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>A worker in a child process of the same program; never outlives this process.</summary>
internal sealed class ChildWorker : IWorker
{
    /// <summary>The argument that starts the program as a worker.</summary>
    public const string Command = "worker";

    private readonly Channel<WorkerMessage> _messages = Channel.CreateUnbounded<WorkerMessage>();
    private readonly int _number;
    private readonly ChildProcess _process;
    private readonly Task _ending;
    private string? _firstError;
    private bool _hasSaidAll;

    /// <param name="number">The process's number in messages, from 1.</param>
    public ChildWorker(int number, WorkerPlan plan)
    {
        _number = number;
        var program = Path.Combine(AppContext.BaseDirectory, "Swiper.Load.dll");
        _process = new ChildProcess(
            new ProcessStartInfo("dotnet", [program, Command]) { RedirectStandardInput = true }, Hear, line => _firstError ??= line);
        Say(WorkerLines.Write(plan));
        _ending = EndAsync();
    }

    public ChannelReader<WorkerMessage> Messages => _messages.Reader;

    public int ProcessId => _process.Id;

    public void Start(long begin) => Say(WorkerLines.Start(begin));

    public void Stop() => Say(WorkerLines.Stop);

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _ending;
    }

    private void Say(string line)
    {
        try
        {
            _process.WriteLine(line);
        }
        catch (IOException)
        {
            // The process has exited; its last message says why, or that it died.
        }
    }

    private void Hear(string line)
    {
        try
        {
            var message = WorkerLines.ReadMessage(line);
            _hasSaidAll |= message is WorkerMessage.Finished or WorkerMessage.Failed;
            _messages.Writer.TryWrite(message);
        }
        catch (JsonException)
        {
            _messages.Writer.TryWrite(new WorkerMessage.Failed($"runner process {_number} sent an invalid message: {line}"));
            _hasSaidAll = true;
        }
    }

    private async Task EndAsync()
    {
        var exitCode = await _process.Ended;
        if (!_hasSaidAll)
        {
            _messages.Writer.TryWrite(new WorkerMessage.Failed(
                $"runner process {_number} died with exit code {exitCode}{(_firstError is null ? "" : $": {_firstError}")}"));
        }
        _messages.Writer.Complete();
    }
}
