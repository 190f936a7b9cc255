using System.CommandLine;
using Swiper.Tools.OperationsDocument;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>
/// `./swiper protocol`: writes what is made from the server's code. From the opcode table come docs/PROTOCOL.md, docs/protocol.json,
/// docs/vectors and the calls of the C# client; from the classes of log events their tables in docs/operations.md.
/// </summary>
internal static class ProtocolCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output")
        {
            Description = "docs/PROTOCOL.md of a repository; the other generated files are written to their places in it. Without it "
                + "the document is printed",
            HelpName = "FILE",
        };
        var command = new Command("protocol", "Generates documents, test vectors and the C# client's calls from the opcode table.")
        {
            output,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var files = GeneratedFile.AllOf(ModelOfServer.ReadTable());
            var exitCode = await ToolOutput.WriteAsync(output, parsed, files[0].Content);
            if (exitCode == 0 && parsed.GetValue(output) is { } file)
            {
                var root = file.Directory!.Parent!.FullName;
                foreach (var other in files.Skip(1))
                    await WriteAsync(Path.Combine(root, other.Path), other.Content, cancellation);
                await RenewEventsAsync(Path.Combine(file.DirectoryName!, EventTables.FileName), cancellation);
            }
            return exitCode;
        });
        return command;
    }

    private static async Task WriteAsync(string path, string content, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, cancellation);
    }

    private static async Task RenewEventsAsync(string operations, CancellationToken cancellation)
    {
        if (File.Exists(operations))
            await File.WriteAllTextAsync(operations, EventTables.Renew(await File.ReadAllTextAsync(operations, cancellation)),
                cancellation);
    }
}
