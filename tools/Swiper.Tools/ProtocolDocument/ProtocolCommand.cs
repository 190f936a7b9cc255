using System.CommandLine;
using Swiper.Tools.OperationsDocument;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>
/// `./swiper protocol`: writes the documents that are made from the server's code, docs/PROTOCOL.md from the opcode table and the events
/// of the log into docs/operations.md.
/// </summary>
internal static class ProtocolCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output")
        {
            Description = $"file to write, and the tables of events in {EventTables.FileName} beside it; else the protocol is printed",
            HelpName = "FILE",
        };
        var command = new Command("protocol", "Writes the description of the wire from the opcode table and its types.") { output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var exitCode = await ToolOutput.WriteAsync(output, parsed, ProtocolDocument.Generate());
            if (exitCode == 0 && parsed.GetValue(output) is { } file)
                await RenewEventsAsync(Path.Combine(file.DirectoryName!, EventTables.FileName), cancellation);
            return exitCode;
        });
        return command;
    }

    private static async Task RenewEventsAsync(string operations, CancellationToken cancellation)
    {
        if (File.Exists(operations))
            await File.WriteAllTextAsync(operations, EventTables.Renew(await File.ReadAllTextAsync(operations, cancellation)),
                cancellation);
    }
}
