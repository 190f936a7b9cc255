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
            var text = ProtocolDocument.Generate();
            if (parsed.GetValue(output) is not { } file)
            {
                await Console.Out.WriteAsync(text);
                return;
            }
            await File.WriteAllTextAsync(file.FullName, text, cancellation);
            var operations = Path.Combine(file.DirectoryName!, EventTables.FileName);
            if (!File.Exists(operations))
                return;
            var renewed = EventTables.Renew(await File.ReadAllTextAsync(operations, cancellation));
            await File.WriteAllTextAsync(operations, renewed, cancellation);
        });
        return command;
    }
}
