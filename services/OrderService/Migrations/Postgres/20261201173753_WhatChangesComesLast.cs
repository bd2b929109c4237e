using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <summary>
    /// Moves the saga's state and timeline to the end of its row, because a column stays where it was created, and turns the timeline round.
    /// It has another name then, so that a replica of the version before fails at it, and does not add its entries at the wrong end: stop all of them first.
    /// </summary>
    public partial class WhatChangesComesLast : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => Move(migrationBuilder, "Timeline", "TimelineNewestFirst", "json", """
            (SELECT coalesce(json_agg(entry ORDER BY place DESC), '[]') FROM jsonb_array_elements("Timeline") WITH ORDINALITY AS old(entry, place))
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => Move(migrationBuilder, "TimelineNewestFirst", "Timeline", "jsonb", """
            (SELECT coalesce(jsonb_agg(entry ORDER BY place DESC), '[]') FROM json_array_elements("TimelineNewestFirst") WITH ORDINALITY AS old(entry, place))
            """);

        private static void Move(MigrationBuilder migrationBuilder, string from, string to, string type, string timeline)
        {
            migrationBuilder.RenameColumn("CurrentState", "OrderStates", "OldState");
            migrationBuilder.Sql($"""
                ALTER TABLE "OrderStates" ADD COLUMN "CurrentState" character varying(32), ADD COLUMN "{to}" {type};
                UPDATE "OrderStates" SET "CurrentState" = "OldState", "{to}" = {timeline};
                ALTER TABLE "OrderStates" ALTER COLUMN "CurrentState" SET NOT NULL, ALTER COLUMN "{to}" SET NOT NULL;
                """);
            // Its index goes with the state.
            migrationBuilder.DropColumn("OldState", "OrderStates");
            migrationBuilder.DropColumn(from, "OrderStates");
            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates",
                columns: new[] { "CurrentState", "SubmittedAt", "CorrelationId" })
                .Annotation("Npgsql:IndexInclude", new[] { "Total" });
        }
    }
}
