using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using DriverConnection = Microsoft.Data.Sqlite.SqliteConnection;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// A connection whose commands stay prepared after they are disposed, for those who make a command for each call, as Dapper does. To
/// compile a statement takes longer than to run it: 18 against 8 us for an insert, 9 against 3 for an update that finds nothing.
/// </summary>
/// <param name="driver">The open connection; its owner disposes it.</param>
internal sealed class PreparedCommands(DriverConnection driver) : DbConnection
{
    // The repositories have some dozens of statements, a few of them with lists, each length of which is a text of its own. Of more, those
    // that were not run for the longest go.
    private const int Most = 256;

    // Several times as many as the repositories use.
    private const int MostNames = 1_024;

    // Longer ones hold values, and are not run again.
    private const int LongestText = 4_096;

    private readonly Dictionary<string, LinkedListNode<SqliteCommand>> _unused = new(StringComparer.Ordinal);
    private readonly LinkedList<SqliteCommand> _lastRunFirst = [];
    private readonly Stack<SqliteCommand> _unusedParameters = [];
    private readonly Dictionary<string, string> _fullNames = new(StringComparer.Ordinal);

    [AllowNull]
    public override string ConnectionString
    {
        get => driver.ConnectionString;
        set => throw new NotSupportedException();
    }

    public override string Database => driver.Database;

    public override string DataSource => driver.DataSource;

    public override string ServerVersion => driver.ServerVersion;

    public override ConnectionState State => driver.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Open()
    {
        // It is open for as long as it is used.
    }

    public override void Close()
    {
    }

    // The lane has the transaction.
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new Command(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _lastRunFirst)
                command.Dispose();
            foreach (var command in _unusedParameters)
                command.Dispose();
            _unused.Clear();
            _lastRunFirst.Clear();
            _unusedParameters.Clear();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether a command of the text is kept for the next time.</summary>
    public bool Keeps(string text) => _unused.ContainsKey(text);

    // Never run: it only holds the parameters of another one until that is chosen.
    private SqliteCommand RentParameters() => _unusedParameters.TryPop(out var command) ? command : driver.CreateCommand();

    private void ReturnParameters(SqliteCommand command)
    {
        command.Parameters.Clear();
        _unusedParameters.Push(command);
    }

    // By the name that Dapper gives a parameter, the driver would look for it four times in each statement: as it is, and with each of the
    // prefixes that SQLite knows. That was 40 % of what a login's statements took.
    private string FullName(string name)
    {
        if (name[0] is '@' or '$' or ':')
            return name;
        if (_fullNames.TryGetValue(name, out var full))
            return full;
        full = "@" + name;
        // Those of lists are numbered, and so bounded, too.
        if (_fullNames.Count < MostNames)
            _fullNames.Add(name, full);
        return full;
    }

    private SqliteCommand Rent(string text)
    {
        if (_unused.Remove(text, out var node))
        {
            _lastRunFirst.Remove(node);
            return node.Value;
        }

        var command = driver.CreateCommand();
        command.CommandText = text;
        return command;
    }

    private void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        var node = new LinkedListNode<SqliteCommand>(command);
        if (command.CommandText.Length > LongestText || !_unused.TryAdd(command.CommandText, node))
        {
            command.Dispose();
            return;
        }

        _lastRunFirst.AddFirst(node);
        if (_unused.Count <= Most)
            return;
        var oldest = _lastRunFirst.Last!.Value;
        _lastRunFirst.RemoveLast();
        _unused.Remove(oldest.CommandText);
        oldest.Dispose();
    }

    /// <summary>
    /// Becomes a prepared command when it is run: until then Dapper may word a list as so many parameters and others after it.
    /// </summary>
    private sealed class Command(PreparedCommands connection) : DbCommand
    {
        private SqliteCommand? _parameters;
        private SqliteCommand? _prepared;
        private string _text = "";

        [AllowNull]
        public override string CommandText
        {
            get => _text;
            set => _text = value ?? "";
        }

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection
        {
            get => connection;
            set => throw new NotSupportedException();
        }

        protected override DbParameterCollection DbParameterCollection => (_parameters ??= connection.RentParameters()).Parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery() => BePrepared().ExecuteNonQuery();

        public override object? ExecuteScalar() => BePrepared().ExecuteScalar();

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => new SqliteParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => BePrepared().ExecuteReader(behavior);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                ReturnPrepared();
                if (_parameters is not null)
                    connection.ReturnParameters(_parameters);
                _parameters = null;
            }

            base.Dispose(disposing);
        }

        private SqliteCommand BePrepared()
        {
            // It may have been run before, with other parameters.
            ReturnPrepared();
            _prepared = connection.Rent(_text);
            for (var index = 0; index < _parameters?.Parameters.Count; index++)
            {
                var parameter = _parameters.Parameters[index];
                parameter.ParameterName = connection.FullName(parameter.ParameterName);
                _prepared.Parameters.Add(parameter);
            }

            return _prepared;
        }

        private void ReturnPrepared()
        {
            if (_prepared is not null)
                connection.Return(_prepared);
            _prepared = null;
        }
    }
}
