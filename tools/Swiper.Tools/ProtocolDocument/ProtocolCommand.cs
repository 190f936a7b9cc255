using System.CommandLine;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>`./swiper protocol`: writes docs/PROTOCOL.md from the opcode table.</summary>
internal static class ProtocolCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output") { Description = "file to write; else it is printed", HelpName = "FILE" };
        var command = new Command("protocol", "Writes the description of the wire from the opcode table and its types.") { output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = ProtocolDocument.Generate();
            if (parsed.GetValue(output) is { } file)
                await File.WriteAllTextAsync(file.FullName, text, cancellation);
            else
                await Console.Out.WriteAsync(text);
        });
        return command;
    }
}
