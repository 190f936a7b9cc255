using System.Globalization;

namespace Swiper.Storage.Migrations;

/// <summary>One forward step of a schema: plain SQL from <c>Migrations/{engine}/{version}_{name}.sql</c>.</summary>
internal sealed record MigrationScript(int Version, string Name, string Sql)
{
    /// <summary>The scripts of an engine in the order of their versions, which count from 1 without a gap.</summary>
    public static IReadOnlyList<MigrationScript> Of(string engine)
    {
        var assembly = typeof(MigrationScript).Assembly;
        var prefix = $"Migrations/{engine}/";
        var scripts = new List<MigrationScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(resource[prefix.Length..]);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new MigrationScript(int.Parse(name.Split('_')[0], CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        scripts.Sort((a, b) => a.Version.CompareTo(b.Version));
        for (var i = 0; i < scripts.Count; i++)
        {
            if (scripts[i].Version != i + 1)
                throw new InvalidOperationException($"Version {i + 1} of the {engine} migrations is missing or duplicated.");
        }

        return scripts;
    }
}
