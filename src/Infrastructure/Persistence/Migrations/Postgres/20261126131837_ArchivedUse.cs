using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiGateway.Infrastructure.Persistence.Migrations.Postgres
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slot = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    api_key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    charge_set = table.Column<Guid>(type: "uuid", nullable: true),
                    requested_model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    end_user = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
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
