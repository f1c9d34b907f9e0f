using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>
/// During an upgrade the version before goes on reading and writing. Each migration after the first therefore only adds: what
/// an older version writes still fits, and what it reads is still there.
/// </summary>
internal sealed class AdditiveMigrationTests
{
    private static DbContext[] Contexts =>
    [
        new DesignTimeSqliteContext().CreateDbContext([]),
        new DesignTimeSqlServerContext().CreateDbContext([]),
        new DesignTimePostgresContext().CreateDbContext([]),
    ];

    [TestCaseSource(nameof(Contexts))]
    public void Migrations_AfterTheFirst_OnlyAdd(DbContext context)
    {
        using (context)
        {
            var assembly = context.GetService<IMigrationsAssembly>();
            var migrations = assembly.Migrations.OrderBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => (each.Key, assembly.CreateMigration(each.Value, context.Database.ProviderName!).UpOperations)).ToList();

            Assert.That(migrations, Has.Count.GreaterThan(5));
            Assert.That(migrations.Skip(1).SelectMany(each => Breaking(each.UpOperations).Select(what => $"{each.Key}: {what}")), Is.Empty);
        }
    }

    [Test]
    public void Rule_ForOperationsThatBreakAnOlderVersion_NamesThem()
    {
        MigrationOperation[] wrong =
        [
            new AddColumnOperation { Table = "users", Name = "age" },
            new DropColumnOperation { Table = "users", Name = "name" },
            new AlterColumnOperation { Table = "users", Name = "name" },
            new RenameColumnOperation { Table = "users", Name = "name", NewName = "title" },
            new DropTableOperation { Name = "users" },
            new CreateIndexOperation { Table = "users", Name = "ix", IsUnique = true, Columns = ["name"] },
            new AddForeignKeyOperation { Table = "users", Name = "fk", Columns = ["name"] },
            new AddCheckConstraintOperation { Table = "users", Name = "ck" },
            new SqlOperation { Sql = "DELETE FROM users" },
        ];

        Assert.That(Breaking(wrong), Has.Exactly(wrong.Length).Items);
    }

    [Test]
    public void Rule_ForOperationsThatAdd_NamesNothing()
    {
        MigrationOperation[] right =
        [
            new CreateTableOperation { Name = "teams" },
            new CreateIndexOperation { Table = "teams", Name = "ix", IsUnique = true, Columns = ["name"] },
            new CreateIndexOperation { Table = "users", Name = "ix2", Columns = ["name"] },
            new AddColumnOperation { Table = "users", Name = "team", IsNullable = true },
            new AddForeignKeyOperation { Table = "users", Name = "fk", Columns = ["team"] },
            new AddColumnOperation { Table = "users", Name = "disabled", DefaultValue = false },
            new InsertDataOperation { Table = "teams" },
        ];

        Assert.That(Breaking(right), Is.Empty);
    }

    // A unique index, or a foreign key, may refuse a row that an older version writes, unless table or column are new to it.
    private static IEnumerable<string> Breaking(IReadOnlyList<MigrationOperation> operations)
    {
        var tables = operations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet();
        var columns = operations.OfType<AddColumnOperation>().Select(column => (column.Table, column.Name)).ToHashSet();
        return operations.Where(operation => !IsAddition(operation)).Select(operation => operation.GetType().Name);

        bool IsAddition(MigrationOperation operation) => operation switch
        {
            CreateTableOperation => true,
            InsertDataOperation => true,
            AddColumnOperation column => column.IsNullable || column.DefaultValue is not null || column.DefaultValueSql is not null,
            CreateIndexOperation index => !index.IsUnique || tables.Contains(index.Table),
            AddForeignKeyOperation key => tables.Contains(key.Table) || key.Columns.All(column => columns.Contains((key.Table, column))),
            _ => false,
        };
    }
}
