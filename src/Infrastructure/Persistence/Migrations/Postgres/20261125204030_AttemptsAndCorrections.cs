using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiGateway.Infrastructure.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AttemptsAndCorrections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "above_hold",
                table: "usage_records",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "attempts",
                table: "usage_records",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "usage_corrections",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    corrected_by = table.Column<Guid>(type: "uuid", nullable: false),
                    previous_cost_nano_usd = table.Column<long>(type: "bigint", nullable: false),
                    cost_nano_usd = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_corrections", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_usage_corrections_request_id",
                table: "usage_corrections",
                column: "request_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "usage_corrections");

            migrationBuilder.DropColumn(
                name: "above_hold",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "attempts",
                table: "usage_records");
        }
    }
}
