using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiGateway.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class ArchivedUse : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "archived_use",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    slot = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    api_key_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    charge_set = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    requested_model = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    end_user = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    settled_tokens = table.Column<long>(type: "bigint", nullable: false),
                    settled_nano_usd = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_archived_use", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_archived_use_charge_set_slot",
                table: "archived_use",
                columns: new[] { "charge_set", "slot" });

            migrationBuilder.CreateIndex(
                name: "ix_archived_use_user_id_slot",
                table: "archived_use",
                columns: new[] { "user_id", "slot" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "archived_use");
        }
    }
}
